import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.clock import NOON
from worker.aws.clients import Clients
from worker.aws.clock import AwsClock
from worker.domain.timestamp import iso, parse_iso

NOON_HEADER = "Sun, 22 Nov 2026 12:00:00 GMT"


class Host:
    """The host's clock, which stands still."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now.timestamp()


class TestIso:
    def test_has_milliseconds_and_a_z(self) -> None:
        assert iso(datetime(2026, 1, 2, 3, 4, 5, 6_789, UTC)) == "2026-01-02T03:04:05.006Z"

    @settings(max_examples=30)
    @given(st.datetimes(timezones=st.timezones()), st.datetimes(timezones=st.timezones()))
    def test_sorts_in_order_of_time(self, one: datetime, other: datetime) -> None:
        try:
            earlier, later = sorted([one.astimezone(UTC), other.astimezone(UTC)])
        except OverflowError:  # the first and the last day of the calendar have no UTC everywhere
            return
        assert iso(earlier) <= iso(later)

    @given(st.datetimes(timezones=st.just(UTC)))
    def test_is_read_back_to_the_millisecond(self, moment: datetime) -> None:
        assert timedelta(0) <= moment - parse_iso(iso(moment)) < timedelta(milliseconds=1)

    @pytest.mark.parametrize("text", ["", "now", "2026-11-22T12:00:00", "9999-12-31T23:59:59-01:00"])
    def test_is_not_read_from_anything_else(self, text: str) -> None:
        with pytest.raises(ValueError, match=r".+"):
            parse_iso(text)


class TestAwsClock:
    def test_believes_the_host_until_it_knows_better(self) -> None:
        assert AwsClock(Host(NOON)).now() == NOON

    @pytest.mark.parametrize("seconds", [-1.5, 0.0, 0.999, 2.5])
    def test_believes_a_host_that_agrees_to_the_millisecond(self, seconds: float) -> None:
        host = Host(NOON + timedelta(seconds=seconds))
        clock = AwsClock(host)
        clock.learn(NOON_HEADER)
        assert clock.now() == host.now

    @pytest.mark.parametrize("hours", [-1, 24 * 365])
    def test_corrects_a_host_that_does_not(self, hours: int) -> None:
        host = Host(NOON + timedelta(hours=hours))
        clock = AwsClock(host)
        clock.learn(NOON_HEADER)
        assert abs(clock.now() - NOON) <= timedelta(seconds=1)
        host.now += timedelta(seconds=10)
        assert abs(clock.now() - NOON - timedelta(seconds=10)) <= timedelta(seconds=1)

    def test_learns_that_the_host_was_mended(self) -> None:
        host = Host(NOON - timedelta(hours=1))
        clock = AwsClock(host)
        clock.learn(NOON_HEADER)
        host.now = NOON
        clock.learn(NOON_HEADER)
        assert clock.now() == NOON

    @pytest.mark.parametrize("header", [None, "", "noon", "Sun, 99 Nov 2026 12:00:00 GMT"])
    def test_ignores_what_is_no_date(self, header: str | None) -> None:
        clock = AwsClock(Host(NOON - timedelta(hours=1)))
        clock.learn(header)
        assert clock.offset == timedelta(0)


def test_a_client_s_answers_tell_the_time(clients: Clients) -> None:
    clock = AwsClock(lambda: time.time() - 3600)
    clock.learn_from(clients.dynamodb)
    clients.dynamodb.list_tables()
    assert clock.offset > timedelta(minutes=59)
