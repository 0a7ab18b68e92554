import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.answers import detail
from worker.domain.faces import Face, read_faces
from worker.domain.moments import Moment, moment, read, sentence, top_emotion, watched, written
from worker.domain.phrases import EMOTIONS
from worker.domain.record import seen
from worker.settings.languages import built_in

ENGLISH = built_in("en").phrases
CONFIDENCES = st.floats(0, 100)
RATED = st.dictionaries(st.sampled_from((*EMOTIONS, "UNKNOWN")), CONFIDENCES)


@st.composite
def faces(draw: st.DrawFn) -> tuple[Face, ...]:
    sizes = draw(st.lists(st.floats(0.01, 1), max_size=5))
    return read_faces([detail(size, **draw(RATED)) for size in sizes], keep_attributes=False)


LOOKS = st.lists(faces(), max_size=8)


def moments(*looks: tuple[Face, ...]) -> list[Moment]:
    return [moment(2.0 * number, look, 50) for number, look in enumerate(looks)]


def look(*details: dict[str, object]) -> tuple[Face, ...]:
    return read_faces(details, keep_attributes=False)


def said(*looks: tuple[Face, ...]) -> str:
    return sentence(moments(*looks), ENGLISH, 50)


@given(LOOKS)
def test_the_top_emotion_is_worn_by_a_largest_face_and_none_is_surer(looks: list[tuple[Face, ...]]) -> None:
    top = top_emotion(moments(*looks))
    worn = [look[0].emotions for look in looks if look and look[0].emotions]
    assert (top is None) == (not worn)
    if top is not None:
        emotion, confidence = top
        means = {name: sum(each.get(name, 0) for each in worn) / len(worn) for each in worn for name in each}
        assert confidence == pytest.approx(means[emotion])
        assert max(means.values()) == pytest.approx(confidence)
        assert 0 <= confidence <= 100.001


@given(faces())
def test_a_single_moment_is_told_like_a_photo(faces: tuple[Face, ...]) -> None:
    record, photo = watched(moments(faces)), seen(faces, 50)
    assert {name: record.get(name) for name in ("face_count", "top_emotion", "top_confidence")} == {
        name: photo.get(name) for name in ("face_count", "top_emotion", "top_confidence")
    }
    assert said(faces) == ENGLISH.sentence(faces, 50)


@given(LOOKS)
def test_the_record_has_each_moment_in_order_and_the_most_faces_of_any(looks: list[tuple[Face, ...]]) -> None:
    record = watched(moments(*looks))
    if not looks:
        assert record == {}
        return
    assert [told["second"] for told in record["moments"]] == [2.0 * number for number in range(len(looks))]
    assert [told["face_count"] for told in record["moments"]] == [len(look) for look in looks]
    assert record["face_count"] == max(map(len, looks))


@given(LOOKS)
def test_what_is_spooled_is_what_was_seen(looks: list[tuple[Face, ...]]) -> None:
    found = moments(*looks)
    assert read(json.loads(json.dumps(written(found)))) == found


@given(LOOKS, st.randoms())
def test_the_order_of_the_moments_changes_no_confidence(looks: list[tuple[Face, ...]], random: object) -> None:
    found = moments(*looks)
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = top_emotion(found), top_emotion(shuffled)
    assert (first is None) == (second is None)
    if first and second:
        assert first[1] == pytest.approx(second[1])


def test_an_emotion_that_lasts_is_above_one_that_flashes_up() -> None:
    looks = [look(detail(SURPRISED=99.0, HAPPY=1.0)), *[look(detail(HAPPY=80.0))] * 3]
    top = top_emotion(moments(*looks))
    assert top is not None
    assert (top[0], round(top[1], 6)) == ("HAPPY", 60.25)


def test_moments_without_a_face_count_for_nothing() -> None:
    assert top_emotion(moments((), look(detail(HAPPY=80.0)), ())) == ("HAPPY", 80.0)


class TestTheSentence:
    def test_is_none_where_nothing_was_looked_at(self) -> None:
        assert said() == ""

    def test_is_of_nobody_where_nobody_was_seen(self) -> None:
        assert said((), ()) == "I could not see a face."

    def test_is_of_the_whole_clip_where_one_face_was_seen(self) -> None:
        assert said((), look(detail(SAD=60.0, HAPPY=30.0)), look(detail(HAPPY=99.0))) == "You look happy."

    def test_is_doubtful_where_the_whole_clip_is(self) -> None:
        assert said(look(detail(SAD=60.0)), look(detail(HAPPY=60.0))) == "I am not sure how you look."

    def test_is_of_the_first_moment_with_the_most_faces_where_several_were_seen(self) -> None:
        two = look(detail(0.3, SAD=90.0), detail(0.2, SAD=90.0))
        fewer, others = look(detail(HAPPY=99.0)), look(detail(0.3, HAPPY=90.0), detail(0.2, HAPPY=90.0))
        assert said(fewer, two, others) == "I see 2 people. The most common look is sad."


def test_a_moment_s_second_is_rounded_to_milliseconds() -> None:
    assert replace(moment(2.00049, (), 50), second=0) == moment(0, (), 50)
    assert moment(2.00049, (), 50).second == 2.0
