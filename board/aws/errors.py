"""What boto3 raises, in the words of `domain/errors.py`."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigParseError,
    InvalidConfigError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProfileNotFound,
)
from botocore.parsers import ResponseParserError

from board.domain.errors import CloudError, CloudRefused, CloudUnavailable

NO_ANSWER = "what came is no answer of AWS, or only a part of one"

_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_PASSING = (
    "Throttl",
    "RequestLimit",
    "SlowDown",
    "ProvisionedThroughput",
    "ExpiredToken",
    "RequestExpired",
    "Internal",
)
_UNUSABLE = (
    ConfigParseError,
    InvalidConfigError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProfileNotFound,
)


@contextmanager
def cloud_errors(action: str) -> Iterator[None]:
    """Translate what boto3 raises during `action`, an IAM action such as `dynamodb:Query`."""
    try:
        yield
    except CloudError:
        raise
    except ClientError as error:
        raise _from_answer(action, error) from error
    except _UNUSABLE as error:
        raise CloudRefused(f"{action}: {error}") from error
    except (BotoCoreError, ResponseParserError, OSError, ValueError) as error:
        raise CloudUnavailable(f"{action}: {error}") from error


def status_of(error: ClientError) -> int:
    """The HTTP status of AWS's answer; 0 if it had none."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _from_answer(action: str, error: ClientError) -> CloudError:
    code = error.response.get("Error", {}).get("Code", "")
    words = f"{action}: {code}: {error.response.get('Error', {}).get('Message', '')}"
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        return CloudUnavailable(words)
    if code.startswith(_PASSING):
        return CloudUnavailable(words)
    if code in _DENIED:
        return CloudRefused(f"{words} - give the board's IAM user or role the permission {action}")
    return CloudRefused(words)
