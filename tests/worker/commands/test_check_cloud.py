"""What check makes of AWS's refusals, told by botocore's own stub of a client."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from worker.aws.analysis import Analyst
from worker.aws.photos import Photos
from worker.aws.polly import PollyVoice
from worker.commands.check.line import Level, Line
from worker.commands.check.queue import queue_lines
from worker.commands.check.services import analysis_lines, sentences, voice
from worker.commands.check.storage import bucket_lines, table_lines
from worker.disk.voice_cache import VoiceCache
from worker.settings import WorkerSettings
from worker.settings.languages import built_in

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

A_MONTH = timedelta(days=30)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/take-picture"
ATTRIBUTES = {
    "ApproximateNumberOfMessages": "0",
    "VisibilityTimeout": "30",
    "RedrivePolicy": '{"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:123456789012:dead", "maxReceiveCount": 5}',
}


def client(service: Any) -> Any:
    return boto3.Session("anyone", "anything", region_name="eu-west-1").client(service)


@pytest.fixture
def sqs() -> Iterator[tuple["SQSClient", Stubber]]:
    with Stubber(made := client("sqs")) as stubber:
        yield made, stubber


@pytest.fixture
def s3() -> Iterator[tuple["S3Client", Stubber]]:
    with Stubber(made := client("s3")) as stubber:
        yield made, stubber


@pytest.fixture
def dynamodb() -> Iterator[tuple["DynamoDBClient", Stubber]]:
    with Stubber(made := client("dynamodb")) as stubber:
        yield made, stubber


def settings() -> WorkerSettings:
    return WorkerSettings(table_name="captures", bucket_name="captures", polly_voice="Joanna", polly_engine="neural")


def levels(lines: list[Line]) -> dict[str, Level]:
    return {line.name: line.level for line in lines}


def deny(stubber: Stubber, operation: str, code: str = "AccessDenied", status: int = 403) -> None:
    stubber.add_client_error(operation, code, "not allowed", status)


class TestQueue:
    def test_missing_permissions_are_named(self, sqs: tuple["SQSClient", Stubber]) -> None:
        made, stubber = sqs
        stubber.add_response("get_queue_url", {"QueueUrl": URL})
        stubber.add_response("get_queue_attributes", {"Attributes": ATTRIBUTES})
        deny(stubber, "receive_message")
        deny(stubber, "change_message_visibility")
        deny(stubber, "delete_message")
        lines = list(queue_lines(made, settings()))
        assert {line.name for line in lines if line.level is Level.FAILED} == {"queue receive", "queue answer"}
        said = " ".join(line.found for line in lines)
        for action in ("ReceiveMessage", "ChangeMessageVisibility", "DeleteMessage"):
            assert f"the permission sqs:{action}" in said

    def test_a_message_that_slips_in_is_given_back_at_once(self, sqs: tuple["SQSClient", Stubber]) -> None:
        made, stubber = sqs
        stubber.add_response("get_queue_url", {"QueueUrl": URL})
        stubber.add_response("get_queue_attributes", {"Attributes": ATTRIBUTES})
        stubber.add_response("receive_message", {"Messages": [{"ReceiptHandle": "r", "MessageId": "m"}]})
        back = {"QueueUrl": URL, "ReceiptHandle": "r", "VisibilityTimeout": 0}
        stubber.add_response("change_message_visibility", {}, back)
        deny(stubber, "change_message_visibility", "ReceiptHandleIsInvalid", 400)
        deny(stubber, "delete_message", "ReceiptHandleIsInvalid", 400)
        assert set(levels(list(queue_lines(made, settings()))).values()) == {Level.OK}
        stubber.assert_no_pending_responses()


class TestBucket:
    def test_without_the_permission_to_delete_only_forget_is_at_a_loss(self, s3: tuple["S3Client", Stubber]) -> None:
        made, stubber = s3
        stubber.add_response("put_object", {})
        stubber.add_response("get_object", {"Body": _body(), "ContentLength": 1, "Metadata": {}, "LastModified": NOW})
        deny(stubber, "delete_object")
        deny(stubber, "get_bucket_policy_status")
        deny(stubber, "get_public_access_block")
        found = levels(list(bucket_lines(Photos(made, "captures"), NOW)))
        assert found == {"bucket": Level.OK, "bucket delete": Level.WARNING, "bucket is private": Level.WARNING}

    def test_what_cannot_be_read_back_fails(self, s3: tuple["S3Client", Stubber]) -> None:
        made, stubber = s3
        stubber.add_response("put_object", {})
        deny(stubber, "get_object")
        stubber.add_response("delete_object", {})
        stubber.add_response("get_bucket_policy_status", {"PolicyStatus": {"IsPublic": True}})
        deny(stubber, "get_public_access_block", "NoSuchPublicAccessBlockConfiguration", 404)
        lines = list(bucket_lines(Photos(made, "captures"), NOW))
        found = {"bucket": Level.FAILED, "bucket delete": Level.OK, "bucket is private": Level.FAILED}
        assert levels(lines) == found
        assert "the permission s3:GetObject" in lines[0].remedy

    def test_a_bucket_that_cannot_be_written_names_the_permission(self, s3: tuple["S3Client", Stubber]) -> None:
        made, stubber = s3
        deny(stubber, "put_object")
        [line] = bucket_lines(Photos(made, "captures"), NOW)
        assert (line.level, "the permission s3:PutObject" in line.found) == (Level.FAILED, True)


class TestTable:
    @pytest.mark.parametrize("denied", ["get_item", "update_item", "query"])
    def test_each_missing_permission_is_named(self, dynamodb: tuple["DynamoDBClient", Stubber], denied: str) -> None:
        made, stubber = dynamodb
        for operation in ("get_item", "update_item", "query"):
            if operation == denied:
                deny(stubber, operation, "AccessDeniedException", 400)
                break
            stubber.add_response(operation, {})
        [line] = table_lines(made, "captures", A_MONTH)
        action = denied.title().replace("_", "")
        assert (line.level, f"the permission dynamodb:{action}" in line.found) == (Level.FAILED, True)

    def test_writing_and_deleting_are_proven_by_conditions_that_nothing_meets(
        self, dynamodb: tuple["DynamoDBClient", Stubber]
    ) -> None:
        made, stubber = dynamodb
        stubber.add_response("get_item", {})
        deny(stubber, "update_item", "ConditionalCheckFailedException", 400)
        stubber.add_response("query", {"Items": []})
        deny(stubber, "delete_item", "ConditionalCheckFailedException", 400)
        deny(stubber, "describe_time_to_live", "AccessDeniedException", 400)
        found = levels(list(table_lines(made, "captures", A_MONTH)))
        assert found == {"table": Level.OK, "table delete": Level.OK, "table expiry": Level.WARNING}

    def test_no_expiry_is_missed_where_records_stay_for_ever(self, dynamodb: tuple["DynamoDBClient", Stubber]) -> None:
        made, stubber = dynamodb
        stubber.add_response("get_item", {})
        deny(stubber, "update_item", "ConditionalCheckFailedException", 400)
        stubber.add_response("query", {"Items": []})
        deny(stubber, "delete_item", "ConditionalCheckFailedException", 400)
        *_, expiry = table_lines(made, "captures", None)
        assert (expiry.level, "RETENTION_DAYS=0" in expiry.found) == (Level.OK, True)

    def test_other_keys_fail_with_the_right_ones(self, dynamodb: tuple["DynamoDBClient", Stubber]) -> None:
        made, stubber = dynamodb
        deny(stubber, "get_item", "ValidationException", 400)
        [line] = table_lines(made, "captures", A_MONTH)
        assert (line.level, "capture_id (String, sort)" in line.remedy) == (Level.FAILED, True)


class TestServices:
    def test_each_analysis_that_is_switched_on_is_asked_once(self) -> None:
        made = client("rekognition")
        with Stubber(made) as stubber:
            stubber.add_response("detect_faces", {"FaceDetails": []})
            deny(stubber, "detect_labels", "AccessDeniedException", 400)
            faces, labels = analysis_lines(Analyst(made, "EMOTIONS"), {"labels", "faces"})
        assert (faces.level, "about $0.001" in faces.found) == (Level.OK, True)
        assert (labels.level, "the permission rekognition:DetectLabels" in labels.found) == (Level.FAILED, True)

    def test_a_voice_that_lacks_the_engine_fails_with_the_settings_to_change(self) -> None:
        made = client("polly")
        with Stubber(made) as stubber:
            deny(stubber, "synthesize_speech", "ValidationException", 400)
            line, sound = voice(PollyVoice(made, "Joanna", "neural"), "alaw")
        assert (line.level, line.remedy, sound) == (Level.FAILED, "see POLLY_VOICE and POLLY_ENGINE", None)

    def test_sentences_are_looked_for_in_the_folder_and_not_asked_for(self, tmp_path: Path) -> None:
        made, phrases = client("polly"), built_in("en").phrases
        speech = PollyVoice(made, "Joanna", "neural")
        with Stubber(made) as stubber:
            nothing = sentences(VoiceCache(speech, tmp_path), phrases, ["alaw"], "neural")
            answer = {"AudioStream": StreamingBody(BytesIO(b"sound"), 5)}
            stubber.add_response("synthesize_speech", answer)
            VoiceCache(speech, tmp_path).fetch("You look happy.", "alaw")
            one = sentences(VoiceCache(speech, tmp_path), phrases, ["alaw", "mulaw"], "neural")
        assert nothing.found.startswith("0 of 120 ")
        assert one.found.startswith("1 of 240 ")


def _body() -> Any:
    return StreamingBody(BytesIO(b"x"), 1)
