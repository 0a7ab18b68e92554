from dataclasses import replace

import pytest
from werkzeug.datastructures import WWWAuthenticate

from demo.camera.digest import Account, Credentials, response
from demo.camera.faults import Faults
from demo.camera.lockout import LockoutPolicy
from demo.camera.login import Attempt, Logins, Verdict
from tests.support.clock import Clock

OWNER = Account("admin", "right")
INTRUDER = Account("admin", "wrong")
HOME = "192.0.2.1"
ELSEWHERE = "192.0.2.2"


class Door:
    """Knocks on a camera's door with digests computed for one nonce."""

    def __init__(self, clock: Clock) -> None:
        self.logins = Logins(OWNER, "Login to AMC1", clock)
        self.faults = Faults()
        self.take_nonce()

    def take_nonce(self) -> None:
        (self.header,) = self.logins.challenges(Verdict.CHALLENGED, self.faults)
        challenge = WWWAuthenticate.from_header(self.header)
        assert challenge
        self.credentials = Credentials(
            username="admin",
            realm=challenge["realm"] or "",
            nonce=challenge["nonce"] or "",
            uri="/cgi-bin/ptz.cgi?action=start",
            qop="auth",
            nc="00000001",
            cnonce="c0ffee",
            opaque=challenge["opaque"] or "",
            response="",
        )

    def knock(self, count: int, account: Account = OWNER, address: str = HOME, target: str | None = None) -> Verdict:
        counted = replace(self.credentials, nc=f"{count:08x}")
        answered = replace(counted, response=response(counted, account, "GET"))
        header = "Digest " + ", ".join(f'{name}="{value}"' for name, value in vars(answered).items())
        return self.logins.judge(Attempt("GET", target or answered.uri, header, address), self.faults)


@pytest.fixture
def door(clock: Clock) -> Door:
    return Door(clock)


def test_a_nonce_serves_for_as_long_as_its_count_rises(door: Door) -> None:
    assert [door.knock(1), door.knock(2), door.knock(17)] == [Verdict.ACCEPTED] * 3


@pytest.mark.parametrize("count", [0, 1, 4, 5])
def test_a_count_that_does_not_rise_is_stale(door: Door, count: int) -> None:
    door.knock(5)
    assert door.knock(count) is Verdict.STALE


def test_a_stale_nonce_is_no_wrong_login(door: Door) -> None:
    door.logins.expire_nonces()
    assert [door.knock(count) for count in range(1, 8)] == [Verdict.STALE] * 7
    door.take_nonce()
    assert door.knock(1) is Verdict.ACCEPTED


def test_the_challenge_says_that_a_nonce_went_stale(door: Door) -> None:
    assert "stale" not in door.header
    assert "stale=true" in door.logins.challenges(Verdict.STALE, door.faults)[0]


def test_every_challenge_has_a_fresh_nonce(door: Door) -> None:
    first = door.credentials.nonce
    door.take_nonce()
    assert door.credentials.nonce != first


def test_a_nonce_of_ones_own_making_is_stale(door: Door) -> None:
    door.credentials = replace(door.credentials, nonce="feedfacefeedface")
    assert door.knock(1) is Verdict.STALE


def test_the_oldest_nonce_makes_room(door: Door) -> None:
    for _ in range(1024):
        door.logins.challenges(Verdict.CHALLENGED, door.faults)
    assert door.knock(1) is Verdict.STALE


def test_nonce_per_request(door: Door) -> None:
    door.faults.nonce_per_request = True
    assert [door.knock(1), door.knock(2)] == [Verdict.ACCEPTED, Verdict.STALE]


def test_the_uri_must_be_that_of_the_request_with_its_query(door: Door) -> None:
    assert door.knock(1, target="/cgi-bin/ptz.cgi?action=stop") is Verdict.REFUSED


@pytest.mark.parametrize("field", ["realm", "opaque", "qop"])
def test_what_the_challenge_said_must_come_back(door: Door, field: str) -> None:
    door.credentials = replace(door.credentials, **{field: "another"})
    assert door.knock(1) is Verdict.REFUSED


@pytest.mark.parametrize("header", ["Digest username=admin", "Digest nonsense", "Digest nonce="])
def test_malformed_credentials_are_refused(door: Door, header: str) -> None:
    assert door.logins.judge(Attempt("GET", "/", header, HOME), door.faults) is Verdict.REFUSED


@pytest.mark.parametrize("header", [None, "", "Basic YWRtaW46cmlnaHQ=", "Basic !", "Bearer x"])
def test_anything_but_digest_is_challenged(door: Door, header: str | None) -> None:
    assert door.logins.judge(Attempt("GET", "/", header, HOME), door.faults) is Verdict.CHALLENGED
    assert door.logins.refused == 0


def test_a_password_in_the_clear_is_noted(door: Door) -> None:
    for header in ("Basic YWRtaW46cmlnaHQ=", "basic YWRtaW46/w==", None, "Digest x"):
        door.logins.judge(Attempt("GET", "/", header, HOME), door.faults)
    assert door.logins.basic_attempts == 2


def test_a_changed_password_is_in_force_at_once(door: Door) -> None:
    door.knock(1)
    door.logins.change_password("wrong")
    assert [door.knock(2), door.knock(3, INTRUDER)] == [Verdict.REFUSED, Verdict.ACCEPTED]


def test_the_fifth_wrong_login_locks_the_right_password_out(door: Door) -> None:
    assert [door.knock(count, INTRUDER) for count in range(1, 6)] == [Verdict.REFUSED] * 5
    assert door.knock(6) is Verdict.LOCKED_OUT
    assert door.logins.refused == 6


def test_four_wrong_logins_are_forgiven_by_a_right_one(door: Door) -> None:
    for count in range(1, 16, 5):
        assert [door.knock(count + wrong, INTRUDER) for wrong in range(4)] == [Verdict.REFUSED] * 4
        assert door.knock(count + 4) is Verdict.ACCEPTED


def test_a_lock_out_ends_after_its_time(door: Door, clock: Clock) -> None:
    for count in range(1, 6):
        door.knock(count, INTRUDER)
    clock.now += 1799.9
    assert door.logins.lockout.is_locked(HOME)
    clock.now += 0.1
    assert door.knock(6) is Verdict.ACCEPTED


def test_polling_keeps_it_locked(door: Door, clock: Clock) -> None:
    for count in range(1, 6):
        door.knock(count, INTRUDER)
    for count in range(6, 12):
        clock.now += 1700
        assert door.knock(count) is Verdict.LOCKED_OUT
    clock.now += 1800
    assert door.knock(12) is Verdict.ACCEPTED


def test_after_a_lock_out_the_count_starts_anew(door: Door, clock: Clock) -> None:
    for count in range(1, 6):
        door.knock(count, INTRUDER)
    clock.now += 1800
    assert [door.knock(6, INTRUDER), door.knock(7)] == [Verdict.REFUSED, Verdict.ACCEPTED]


def test_another_address_is_not_locked_out(door: Door) -> None:
    for count in range(1, 6):
        door.knock(count, INTRUDER)
    assert door.knock(6, address=ELSEWHERE) is Verdict.ACCEPTED


def test_lock_out_can_be_set_and_switched_off(door: Door) -> None:
    door.logins.lockout.policy = LockoutPolicy(attempts=2)
    assert [door.knock(1, INTRUDER), door.knock(2, INTRUDER), door.knock(3)][-1] is Verdict.LOCKED_OUT
    door.logins.lockout.policy = LockoutPolicy(enabled=False)
    assert door.knock(4) is Verdict.ACCEPTED
