"""What boto3 raises, in the words of `domain/errors.py`."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ParamValidationError
from botocore.parsers import ResponseParserError

from worker.domain.errors import CloudError, CloudRefused, CloudUnavailable

_PASSING = frozenset(
    {
        "BandwidthLimitExceeded",
        "ExpiredToken",
        "ExpiredTokenException",
        "InternalFailure",
        "InternalServerError",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestExpired",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_CLOCK = frozenset({"RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException"})


class ConditionFailed(CloudError):
    """A conditional write found something else; `item` is what, as DynamoDB's own JSON, if it was told."""

    def __init__(self, item: dict[str, Any] | None) -> None:
        super().__init__("the item is not in the state that the write requires")
        self.item = item


@contextmanager
def cloud_errors(action: str) -> Iterator[None]:
    """Translate what boto3 raises during `action`, an IAM action such as `s3:PutObject`."""
    try:
        yield
    except ClientError as error:
        raise _from_answer(action, error) from error
    except NoCredentialsError as error:
        raise CloudUnavailable(
            f"{action}: no AWS credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        ) from error
    except ParamValidationError as error:
        raise CloudRefused(f"{action}: {error}") from error
    except (BotoCoreError, ResponseParserError) as error:
        raise CloudUnavailable(f"{action}: {error}") from error


def _from_answer(action: str, error: ClientError) -> CloudError:
    code = error.response.get("Error", {}).get("Code", "")
    message = error.response.get("Error", {}).get("Message", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "ConditionalCheckFailedException":
        # DynamoDB's own JSON, which botocore's stub of an error response does not know.
        item: Any = error.response.get("Item")
        return ConditionFailed(item)
    if code in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        return CloudUnavailable(f"{action}: {code}: {message}")
    return CloudRefused(f"{action}: {code}: {message}{_remedy(action, code)}", code)


def _remedy(action: str, code: str) -> str:
    if code in DENIED:
        return f" - give the worker's IAM user or role the permission {action}"
    if code in _CLOCK:
        return " - either the secret key is wrong or this host's clock is more than 5 minutes off"
    return ""
