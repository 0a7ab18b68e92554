"""What boto3 raises, in the words of `domain/errors.py`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from json import JSONDecodeError
from traceback import walk_tb
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigParseError,
    CredentialRetrievalError,
    InvalidConfigError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProfileNotFound,
    UnknownServiceError,
)
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


_CREDENTIALS = (NoCredentialsError, CredentialRetrievalError)
_UNUSABLE = (
    ConfigParseError,
    InvalidConfigError,
    InvalidRegionError,
    NoRegionError,
    ParamValidationError,
    ProfileNotFound,
    UnknownServiceError,
)
_MAX_WORDS = 300


class ConditionFailed(CloudError):
    """A conditional write found something else; `item` is what, as DynamoDB's own JSON, if it was told."""

    def __init__(self, item: dict[str, Any] | None) -> None:
        super().__init__("the item is not in the state that the write requires")
        self.item = item


@contextmanager
def cloud_errors(action: str) -> Iterator[None]:
    """Translate what boto3 raises during `action`, an IAM action such as `s3:PutObject`.

    Credentials are fetched within whichever call needs them, by programs, files and services that fail in ways of
    their own. Other exceptions than boto3's pass as they are.
    """
    try:
        yield
    except Exception as error:
        translated = _translated(action, error)
        if translated is None:
            raise
        raise translated from error


def _translated(action: str, error: Exception) -> CloudError | None:
    if isinstance(error, PartialCredentialsError):
        return CloudRefused(f"{action}: half a pair of AWS credentials: {error}")
    if comes_from_credentials(error):
        return CloudUnavailable(f"{action}: no AWS credentials: {_credentials_words(error)}")
    if isinstance(error, ClientError):
        return _from_answer(action, error)
    if isinstance(error, _UNUSABLE):
        return CloudRefused(f"{action}: {error}")
    if isinstance(error, BotoCoreError | ResponseParserError | OSError | ValueError):
        return CloudUnavailable(f"{action}: {error}")
    return None


def comes_from_credentials(error: BaseException) -> bool:
    """Whether it was raised while boto3 looked for credentials, whatever it is."""
    modules = (frame.f_globals.get("__name__") for frame, _ in walk_tb(error.__traceback__))
    return isinstance(error, _CREDENTIALS) or "botocore.credentials" in modules


def _credentials_words(error: Exception) -> str:
    """One line; a helper's own output stays out of it but for its complaint."""
    if isinstance(error, NoCredentialsError):
        return "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    profile = os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE") or "default"
    where = f"see the profile {profile} in AWS's config file"
    if isinstance(error, OSError):
        return f"{error.strerror or error}: {error.filename or 'a file'}; {where}, such as its credential_process"
    if isinstance(error, JSONDecodeError | UnicodeDecodeError | AttributeError):
        return f"what its credential_process says is not the JSON that AWS describes; {where}"
    return f"{' '.join(str(error).split())[:_MAX_WORDS]}; {where}"


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
