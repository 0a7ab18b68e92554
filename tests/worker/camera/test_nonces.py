import pytest

from worker.camera.digest import Challenge
from worker.camera.nonces import FRESH_SECONDS, Nonces

NOW = 1000.0


def challenge(nonce: str = "n") -> Challenge:
    return Challenge("r", nonce, None, None, stale=False)


@pytest.fixture
def nonces() -> Nonces:
    return Nonces()


def accept(nonces: Nonces, used: Challenge, count: int, now: float = NOW) -> None:
    nonces.accepted(used, count, now)


def test_there_is_none_until_one_was_accepted(nonces: Nonces) -> None:
    nonces.issued(challenge())
    assert nonces.take(for_sound=False, now=NOW) is None


def test_one_serves_one_request_at_a_time(nonces: Nonces) -> None:
    first = challenge()
    nonces.issued(first)
    accept(nonces, first, 1)
    assert nonces.take(for_sound=False, now=NOW) is first
    assert nonces.take(for_sound=False, now=NOW) is None
    accept(nonces, first, 2)
    assert nonces.take(for_sound=False, now=NOW) is first


def test_an_older_one_does_not_come_back(nonces: Nonces) -> None:
    older, newer = challenge("older"), challenge("newer")
    for issued in (older, newer):
        nonces.issued(issued)
    accept(nonces, newer, 1)
    accept(nonces, older, 1)
    assert nonces.take(for_sound=False, now=NOW) is newer


def test_one_that_was_not_accepted_is_not_used_again(nonces: Nonces) -> None:
    first = challenge()
    nonces.issued(first)
    accept(nonces, first, 1)
    nonces.take(for_sound=False, now=NOW)
    nonces.went_stale(2, NOW + FRESH_SECONDS)
    assert nonces.take(for_sound=False, now=NOW) is None


class TestASound:
    def test_gets_one_only_of_a_camera_that_has_taken_one_twice(self, nonces: Nonces) -> None:
        first = challenge()
        nonces.issued(first)
        accept(nonces, first, 1)
        assert nonces.take(for_sound=True, now=NOW) is None
        nonces.take(for_sound=False, now=NOW)
        accept(nonces, first, 2)
        assert nonces.take(for_sound=True, now=NOW) is first

    def test_gets_none_that_may_have_grown_old(self, nonces: Nonces) -> None:
        first = challenge()
        nonces.issued(first)
        accept(nonces, first, 2)
        assert nonces.take(for_sound=True, now=NOW + FRESH_SECONDS) is None


class TestACameraThatWantsANewOneEveryTime:
    def used_again(self, nonces: Nonces) -> Challenge | None:
        again = challenge("again")
        nonces.issued(again)
        accept(nonces, again, 1)
        return nonces.take(for_sound=False, now=NOW)

    def test_says_stale_to_the_second_use(self, nonces: Nonces) -> None:
        accept(nonces, challenge(), 1)
        nonces.went_stale(2, NOW + 1)
        assert self.used_again(nonces) is None

    @pytest.mark.parametrize(("count", "now"), [(2, NOW + FRESH_SECONDS), (3, NOW)])
    def test_is_not_one_whose_nonce_grew_old(self, nonces: Nonces, count: int, now: float) -> None:
        accept(nonces, challenge(), 1)
        nonces.went_stale(count, now)
        assert self.used_again(nonces)

    def test_is_not_one_that_has_taken_one_twice(self, nonces: Nonces) -> None:
        accept(nonces, challenge(), 2)
        nonces.went_stale(2, NOW)
        assert self.used_again(nonces)

    def test_or_refuses_it_without_a_word(self, nonces: Nonces) -> None:
        accept(nonces, challenge(), 2)
        nonces.was_refused_only_for_its_age()
        assert self.used_again(nonces) is None
