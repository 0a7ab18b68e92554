from datetime import timedelta

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from tests.support.clock import NOON
from worker.aws.clock import AwsClock
from worker.commands.check.run import AnswerDates


def answer(headers: dict[str, str], status: int = 200) -> AWSResponse:
    return AWSResponse("https://sqs.eu-west-1.amazonaws.com", status, HTTPHeaders.from_dict(headers), None)


@pytest.fixture
def dates() -> AnswerDates:
    """On a host where it is noon."""
    return AnswerDates(AwsClock(NOON.timestamp))


def test_a_refusal_tells_the_time_too(dates: AnswerDates) -> None:
    dates(http_response=answer({"date": "Sun, 22 Nov 2026 13:00:00 GMT"}, status=403))
    assert dates.offset == timedelta(hours=1, seconds=0.5)


def test_without_an_answer_or_without_a_date_in_it_nothing_is_known(dates: AnswerDates) -> None:
    dates(http_response=answer({}))
    assert dates.offset is None
