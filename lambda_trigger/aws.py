"""The AWS services behind the function. Only SQS is needed for every press, so only its client is made at import."""

import os
import time
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lambda_trigger.errors import SettingsError
from lambda_trigger.press import Command

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

# Lambda sets it; boto3 by itself reads AWS_DEFAULT_REGION only.
_REGION = os.environ.get("AWS_REGION")
# Two attempts end before Alexa's patience does, which is about 8 seconds.
_SQS: "SQSClient" = boto3.client(
    "sqs",
    _REGION,
    config=Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2}),
)

READ_SECONDS = 1.0  # the longest that one read of a record takes
_TOKEN_SECONDS = 300  # how soon a changed token is noticed


def send(queue_url: str, command: Command) -> str:
    """Puts the command on the queue and returns SQS's message id."""
    answer = _SQS.send_message(QueueUrl=queue_url, MessageBody=command.body, MessageAttributes=command.attributes())
    return answer["MessageId"]


def record_reader(
    table: str, camera: str, capture_id: str, failed: Callable[[Exception], None]
) -> Callable[[], Mapping[str, Any]]:
    """A function that reads `said` and `status` of the record, consistently, as far as they are there.

    A read that fails is told to `failed` and counts as no record yet: the picture is on its way all the same.
    """

    def read() -> Mapping[str, Any]:
        try:
            item = (
                _dynamodb()
                .get_item(
                    TableName=table,
                    Key={"camera": {"S": camera}, "capture_id": {"S": capture_id}},
                    ConsistentRead=True,
                    ProjectionExpression="#said, #status",
                    ExpressionAttributeNames={"#said": "said", "#status": "status"},
                )
                .get("Item", {})
            )
        except (BotoCoreError, ClientError) as error:
            failed(error)
            return {}
        return {name: value["S"] for name, value in item.items() if "S" in value}

    return read


def secret_parameter(name: str) -> str:
    """The decrypted value of an SSM parameter, at most five minutes old.

    Raises:
        SettingsError: There is no such parameter, or it is empty.
    """
    return _secret_parameter(name, int(time.monotonic() // _TOKEN_SECONDS))


@lru_cache(maxsize=1)
def _secret_parameter(name: str, _period: int) -> str:
    ssm: Any = boto3.client("ssm", _REGION, config=Config(connect_timeout=1, read_timeout=2))
    try:
        value = str(ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]).strip()
    except ssm.exceptions.ParameterNotFound as error:
        raise SettingsError(f"WEBHOOK_TOKEN_PARAMETER: there is no SSM parameter {name!r}") from error
    if not value:
        raise SettingsError(f"WEBHOOK_TOKEN_PARAMETER: the SSM parameter {name!r} is empty")
    return value


@cache
def _dynamodb() -> "DynamoDBClient":
    half = READ_SECONDS / 2
    return boto3.client(
        "dynamodb", _REGION, config=Config(connect_timeout=half, read_timeout=half, retries={"total_max_attempts": 1})
    )
