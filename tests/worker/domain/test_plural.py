import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.plural import CATEGORIES, MOST_FACES, Plural

POLISH = "n == 1 ? 0 : n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : 2"


def test_each_number_has_its_category() -> None:
    plural = Plural(("one", "few", "many"), POLISH)
    assert [plural.category(count) for count in (0, 1, 2, 5, 12, 21, 22, 100)] == [
        "many",
        "one",
        "few",
        "many",
        "many",
        "many",
        "few",
        "many",
    ]
    assert plural.of_several == {"few", "many"}


def test_one_text_is_for_all_categories() -> None:
    assert Plural(("one", "few", "many"), POLISH).forms("x") == {"one": "x", "few": "x", "many": "x"}


def test_what_no_number_needs_may_be_left_out() -> None:
    assert Plural(("one", "other"), "n != 1").forms({"other": "x"}) == {"one": "x", "other": "x"}


@pytest.mark.parametrize(
    ("categories", "rule", "complaint"),
    [
        ((), "0", r"plural\.categories must be some of zero, one, two, few, many, other"),
        (("one", "lots"), "n != 1", r"plural\.categories must be"),
        (("one", "other"), "n <> 1", r"plural\.rule: .* such as n != 1"),
        (("one", "other"), "n / 0", r"plural\.rule: .* such as n != 1"),
        (("one", "other"), "__import__('os')", r"plural\.rule: .* such as n != 1"),
        (("one", "other"), "(" * 1001, r"plural\.rule: .* such as n != 1"),
        (("one", "other"), "n < !0", r"plural\.rule: .* such as n != 1"),
        (("one", "other"), "n % 3", r"plural\.rule must give 0 to 1"),
        (("one", "other"), "n - 1", r"plural\.rule must give 0 to 1"),
    ],
)
def test_a_rule_is_tried_before_anybody_is_counted(categories: tuple[str, ...], rule: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Plural(categories, rule)


@given(st.text("n0123456789 ?:%=!<>&|()+-*/", max_size=30))
def test_a_rule_is_refused_or_good_for_every_photo(rule: str) -> None:
    try:
        plural = Plural(CATEGORIES, rule)
    except ValueError:
        return
    assert {plural.category(count) for count in range(MOST_FACES + 1)} <= set(CATEGORIES)
