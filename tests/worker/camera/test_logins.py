"""Which logins may be under way at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Flag

import pytest

from worker.camera.logins import Event, Logins, Password, Turn, may_join

LONG = 20.0
USED = Turn("photo", fresh=False, allowed=True)
FRESH = Turn("nod", fresh=True, allowed=True)
NEW = Turn("sound", fresh=True, allowed=False)


@pytest.fixture
def logins() -> Logins:
    """The password is proven, and photo and nod are allowed."""
    logins = Logins()
    logins.note(Event.PROVED)
    logins.allow("photo")
    logins.allow("nod")
    return logins


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.mark.parametrize(
    ("under_way", "allowed", "may"),
    [
        ([], False, True),
        ([USED], True, True),
        ([FRESH], True, True),
        ([NEW], True, True),
        ([FRESH], False, True),
        ([USED], False, False),
        ([NEW], False, False),
        ([USED, FRESH], True, False),
    ],
)
def test_two_may_be_under_way_if_one_of_them_speaks_for_the_password(
    under_way: list[Turn], *, allowed: bool, may: bool
) -> None:
    assert may_join(under_way, allowed=allowed) is may


def test_none_may_before_the_password_is_proven() -> None:
    with Logins().turn("photo") as turn:
        assert turn is None


def test_the_second_needs_a_nonce_of_its_own(logins: Logins) -> None:
    with logins.turn("photo") as first, logins.turn("nod") as second:
        assert (first, second) == (USED, FRESH)


def test_who_waits_for_room_is_told_of_a_doubt_and_sends_nothing(logins: Logins, pool: ThreadPoolExecutor) -> None:
    def third() -> Turn | None:
        with logins.turn("nod") as turn:
            return turn

    with logins.turn("photo"), logins.turn("nod"):
        told = pool.submit(third)
        logins.note(Event.REFUSED)
        assert told.result(LONG) is None


def test_alone_is_alone(logins: Logins, pool: ThreadPoolExecutor) -> None:
    order: list[str] = []

    def alone() -> None:
        with logins.alone():
            order.append("alone")

    with logins.turn("photo"):
        waiting = pool.submit(alone)
        order.append("photo")
    waiting.result(LONG)
    assert order == ["photo", "alone"]


def test_nobody_begins_beside_who_is_alone(logins: Logins, pool: ThreadPoolExecutor) -> None:
    order: list[str] = []
    asks = Flag()

    def nod() -> None:
        asks.set()
        with logins.turn("nod"):
            order.append("nod")

    with logins.alone():
        waiting = pool.submit(nod)
        assert asks.wait(LONG)
        order.append("alone")
    waiting.result(LONG)
    assert order == ["alone", "nod"]


def test_refusals_count_until_the_password_is_proven(logins: Logins) -> None:
    for _ in range(2):
        logins.note(Event.REFUSED)
    assert (logins.password, logins.refusals) == (Password.UNPROVEN, 2)
    logins.note(Event.PROVED)
    assert (logins.password, logins.refusals) == (Password.ACCEPTED, 0)


def test_who_waits_for_quiet_lets_others_go_first(logins: Logins, pool: ThreadPoolExecutor) -> None:
    order: list[str] = []
    entered = Flag()

    def quiet() -> None:
        entered.set()
        with logins.when_quiet() as quiet:
            assert quiet
            order.append("quiet")

    with logins.turn("photo"):
        waiting = pool.submit(quiet)
        assert entered.wait(LONG)
        with logins.turn("nod"):
            order.append("nod")
    waiting.result(LONG)
    assert order == ["nod", "quiet"]


def test_who_finds_no_quiet_is_told_so(logins: Logins) -> None:
    with logins.turn("photo"), logins.when_quiet(0.0) as quiet:
        assert not quiet
    with logins.when_quiet(0.0) as quiet:
        assert quiet


def test_nothing_is_under_way_beside_quiet(logins: Logins, pool: ThreadPoolExecutor) -> None:
    order: list[str] = []

    def photo() -> None:
        with logins.turn("photo"):
            order.append("photo")

    with logins.when_quiet():
        waiting = pool.submit(photo)
        with logins.when_quiet(0.0) as second:
            assert not second
        order.append("quiet")
    waiting.result(LONG)
    assert order == ["quiet", "photo"]
