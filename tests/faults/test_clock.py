"""The clock of the worker's machine is wrong."""

import pytest

from tests.support.site import Site


@pytest.mark.parametrize("seconds", [240, -240])
def test_four_minutes_make_no_difference(site: Site, seconds: int) -> None:
    site.proxy.clock_ahead = seconds
    site.start()
    site.press("lobby")
    end = site.books.balance()["lobby"]
    assert (end["status"], end["speech"]) == ("completed", "spoken")


def test_an_hour_is_refused_by_aws_and_said_plainly_until_somebody_mends_it(site: Site) -> None:
    site.proxy.clock_ahead = 3600
    worker = site.host.launch()
    [refusal] = worker.wait_for("the queue cannot be polled")
    assert "this host's clock is more than 5 minutes off" in refusal["error"]
    site.proxy.clock_ahead = 0
    worker.wait_for("ready")
    site.press("lobby")
    assert site.books.balance()["lobby"]["status"] == "completed"
