import json
from datetime import timedelta
from typing import Any, get_args

import pytest

from worker.camera.amcrest import LoginLimit
from worker.commands.check import verdicts
from worker.commands.check.line import Level, Line, failed
from worker.domain.errors import CloudRefused, CloudUnavailable
from worker.settings import WorkerSettings

BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@pytest.mark.parametrize(
    ("offset", "level", "words"),
    [
        (None, Level.WARNING, "not compared"),
        (seconds(0), Level.OK, "agrees"),
        (seconds(240), Level.WARNING, "240 s behind AWS"),
        (seconds(-240), Level.WARNING, "240 s ahead of AWS"),
        (seconds(300), Level.FAILED, "300 s behind AWS"),
        (seconds(-3600), Level.FAILED, "3600 s ahead of AWS"),
    ],
)
def test_a_clock_that_aws_refuses_fails_and_one_that_is_corrected_warns(
    offset: timedelta | None, level: Level, words: str
) -> None:
    line = verdicts.clock(offset)
    assert (level, True) == (line.level, words in line.found)
    assert bool(offset) == ("NTP" in line.remedy)


def test_a_queue_without_a_dead_letter_queue_fails() -> None:
    line = verdicts.dead_letter_queue(None)
    assert line.level is Level.FAILED
    assert "redrive policy, maxReceiveCount 5" in line.remedy


@pytest.mark.parametrize(("count", "level"), [(1, Level.WARNING), (4, Level.WARNING), (5, Level.OK), (9, Level.OK)])
def test_fewer_receives_than_retries_warn(count: int, level: Level) -> None:
    policy = {"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:123456789012:dead-letters", "maxReceiveCount": count}
    line = verdicts.dead_letter_queue(json.dumps(policy))
    assert (level, f"dead-letters, after {count} receives") == (line.level, line.found)


@pytest.mark.parametrize(
    ("of_queue", "of_worker", "level"),
    [(30, 30, Level.OK), (600, 30, Level.WARNING), (30, 60, Level.WARNING), (26, 26, Level.WARNING)],
)
def test_a_visibility_that_the_worker_overrides_or_that_is_too_short_warns(
    of_queue: int, of_worker: int, level: Level
) -> None:
    assert verdicts.visibility(of_queue, of_worker).level is level


@pytest.mark.parametrize(
    ("status", "block", "level"),
    [
        ({}, BLOCKED, Level.OK),
        ({"IsPublic": True}, BLOCKED, Level.OK),
        ({"IsPublic": True}, {}, Level.FAILED),
        ({"IsPublic": True}, None, Level.FAILED),
        ({"IsPublic": False}, {}, Level.WARNING),
        ({}, BLOCKED | {"IgnorePublicAcls": False}, Level.WARNING),
        (None, BLOCKED, Level.OK),
        (None, None, Level.WARNING),
    ],
)
def test_a_public_bucket_fails_and_what_is_not_known_is_not_called_private(
    status: dict[str, Any] | None, block: dict[str, Any] | None, level: Level
) -> None:
    assert verdicts.publicity(status, block).level is level


def test_what_could_not_be_told_names_the_permissions_it_takes() -> None:
    line = verdicts.publicity(None, None)
    assert "could not tell" in line.found
    assert "s3:GetBucketPolicyStatus and s3:GetBucketPublicAccessBlock" in line.remedy


@pytest.mark.parametrize(
    ("description", "level"),
    [
        ({"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}, Level.OK),
        ({"TimeToLiveStatus": "ENABLING", "AttributeName": "expires_at"}, Level.OK),
        ({"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}, Level.WARNING),
        ({"TimeToLiveStatus": "DISABLED"}, Level.WARNING),
        ({}, Level.WARNING),
    ],
)
def test_records_that_never_expire_warn(description: dict[str, str], level: Level) -> None:
    assert verdicts.expiry(description).level is level


@pytest.mark.parametrize(
    ("speakers", "volume", "level"),
    [
        (1, 80, Level.OK),
        (None, None, Level.OK),
        (1, 0, Level.FAILED),
        (0, 0, Level.FAILED),
        (0, 50, Level.WARNING),
    ],
)
def test_a_volume_of_0_fails_and_a_speaker_that_is_denied_warns(
    speakers: int | None, volume: int | None, level: Level
) -> None:
    assert verdicts.speaker("speaker", speakers, volume).level is level


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (None, "it does not say when it locks"),
        (LoginLimit(5, 1800), "it locks an address out for 30 min after 5 wrong logins"),
        (LoginLimit(3, None), "it locks an address out after 3 wrong logins"),
    ],
)
def test_a_camera_s_limit_is_put_into_words(limit: LoginLimit | None, words: str) -> None:
    assert verdicts.login_limit(limit) == words


@pytest.mark.parametrize(("left", "words"), [(None, "after five"), (3, "at most 3 more"), (0, "locked")])
def test_how_many_logins_are_left_is_put_into_words(left: int | None, words: str) -> None:
    assert words in verdicts.logins_left(left)


def test_what_aws_refuses_carries_the_remedy_for_its_reason() -> None:
    gone = CloudRefused("s3:PutObject: NoSuchBucket: The specified bucket does not exist", "NoSuchBucket")
    assert "BUCKET_NAME" in verdicts.cloud_trouble("bucket", gone).remedy
    other = CloudRefused("polly:SynthesizeSpeech: ValidationException: no such engine", "ValidationException")
    assert verdicts.cloud_trouble("Polly", other, "see POLLY_ENGINE").remedy == "see POLLY_ENGINE"
    away = CloudUnavailable("sqs:GetQueueUrl: no answer")
    assert "way to AWS" in verdicts.cloud_trouble("queue", away).remedy


def test_a_line_is_one_line_and_nothing_in_it_is_obeyed_by_a_terminal() -> None:
    line = failed("camera", "it says \x1b[31mhello\nworld", "off and on")
    assert str(line) == "failed  camera: it says \\x1b[31mhello\\nworld - off and on"
    assert str(Line("a", Level.OK, "b")) == "ok      a: b"


def test_sentences_that_are_not_ready_yet_are_counted_with_what_they_will_cost() -> None:
    line = verdicts.sentences(119, ["a" * 30, "b" * 1_220], "neural")
    assert line.level is Level.OK
    assert "117 of 119" in line.found
    assert "1,250 characters, about $0.02, once" in line.found
    assert "all 119" in verdicts.sentences(119, [], "neural").found


@pytest.mark.parametrize("engine", get_args(WorkerSettings.model_fields["polly_engine"].annotation))
def test_every_engine_has_its_price(engine: str) -> None:
    assert verdicts.sentences(1, ["Hello."], engine).level is Level.OK
