from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from worker.aws.errors import ConditionFailed, cloud_errors
from worker.domain.errors import CloudError, CloudRefused, CloudUnavailable

URL = "http://192.0.2.7"


def answer(code: str, status: int, **more: Any) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": "as AWS puts it"},
        "ResponseMetadata": {"HTTPStatusCode": status},
        **more,
    }
    return ClientError(response, "Whatever")


def translated(error: Exception, action: str = "s3:PutObject") -> CloudError:
    with pytest.raises(CloudError) as raised, cloud_errors(action):
        raise error
    assert raised.value.__cause__ is error
    return raised.value


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 400),
        ("ProvisionedThroughputExceededException", 400),
        ("LimitExceededException", 400),
        ("ExpiredToken", 400),
        ("ExpiredTokenException", 403),
        ("RequestTimeout", 400),
        ("SlowDown", 503),
        ("InternalServerError", 500),
        ("InternalError", 500),
        ("NobodyKnows", 502),
        ("NobodyKnows", 429),
        ("", 599),
    ],
)
def test_what_passes_is_unavailable(code: str, status: int) -> None:
    assert isinstance(translated(answer(code, status)), CloudUnavailable)


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url=URL),
        ConnectTimeoutError(endpoint_url=URL),
        ReadTimeoutError(endpoint_url=URL),
        ResponseParserError("half an answer"),
        BotoCoreError(),
    ],
)
def test_what_never_reached_aws_is_unavailable(error: Exception) -> None:
    assert isinstance(translated(error), CloudUnavailable)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AccessDenied", 403),
        ("InvalidImageFormatException", 400),
        ("ImageTooLargeException", 400),
        ("NoSuchBucket", 404),
        ("ResourceNotFoundException", 400),
        ("ValidationException", 400),
        ("NobodyKnows", 400),
    ],
)
def test_what_cannot_get_better_is_refused(code: str, status: int) -> None:
    error = translated(answer(code, status))
    assert isinstance(error, CloudRefused)
    assert error.code == code
    assert str(error).startswith(f"s3:PutObject: {code}: as AWS puts it")


def test_a_wrong_request_is_refused() -> None:
    assert isinstance(translated(ParamValidationError(report="no such parameter")), CloudRefused)


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException"])
def test_who_is_denied_is_told_which_permission_it_takes(code: str) -> None:
    error = translated(answer(code, 403), "rekognition:DetectFaces")
    assert str(error).endswith("the permission rekognition:DetectFaces")


@pytest.mark.parametrize("code", ["RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException"])
def test_a_wrong_signature_is_said_plainly(code: str) -> None:
    assert "clock is more than 5 minutes off" in str(translated(answer(code, 403)))


def test_without_credentials_somebody_is_told_where_they_go() -> None:
    error = translated(NoCredentialsError())
    assert isinstance(error, CloudUnavailable)
    assert "AWS_PROFILE" in str(error)


def test_a_failed_condition_tells_what_it_found() -> None:
    item = {"status": {"S": "completed"}}
    error = translated(answer("ConditionalCheckFailedException", 400, Item=item))
    assert isinstance(error, ConditionFailed)
    assert error.item == item


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(KeyError), cloud_errors("s3:PutObject"):
        raise KeyError
