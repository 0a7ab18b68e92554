"""The boto3 clients, each with time limits that fit what waits for its answer."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from worker.aws.errors import cloud_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_polly import PollyClient
    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

LONG_POLL_SECONDS = 20
"""SQS's longest."""
RECEIVE_READ_SECONDS = LONG_POLL_SECONDS + 6
"""Under the visibility timeout, or a message whose answer was lost is received twice."""

_CONNECTIONS = 50
_CONNECTING = "AWS"
"""In place of an action: nothing is called when a client is made, but boto3 reads its settings and credentials."""


@dataclass(frozen=True)
class Clients:
    """`receiving` is SQS once more, so that stopping the receive stops nothing else."""

    receiving: "SQSClient"
    sqs: "SQSClient"
    s3: "S3Client"
    dynamodb: "DynamoDBClient"
    rekognition: "RekognitionClient"
    polly: "PollyClient"


def aws_session() -> boto3.Session:
    """boto3's own settings decide; AWS_REGION too, which boto3 alone of the SDKs does not read."""
    return boto3.Session(region_name=os.environ.get("AWS_REGION") or None)


def connect_sqs(session: boto3.Session) -> "SQSClient":
    """Raises CloudError."""
    with cloud_errors(_CONNECTING):
        return session.client("sqs", config=_limits(read=5, attempts=3))


def connect_s3(session: boto3.Session) -> "S3Client":
    """Raises CloudError."""
    # Path style: `bucket.host` has no address where the host is a container or this machine.
    path_style = {"addressing_style": "path"}
    with cloud_errors(_CONNECTING):
        return session.client("s3", config=_limits(read=20, attempts=3, s3=path_style))


def connect_dynamodb(session: boto3.Session) -> "DynamoDBClient":
    """Raises CloudError."""
    # DynamoDB judges every item again; botocore's look at the nested faces is a third of what a write takes of the CPU.
    with cloud_errors(_CONNECTING):
        return session.client("dynamodb", config=_limits(read=3, attempts=3, parameter_validation=False))


def connect(session: boto3.Session) -> Clients:
    """All clients, which fetches the credentials.

    Raises:
        CloudRefused: boto3's settings cannot be used.
        CloudUnavailable: there are no credentials just now.
    """
    with cloud_errors(_CONNECTING):
        return Clients(
            receiving=session.client("sqs", config=_limits(read=RECEIVE_READ_SECONDS, attempts=1)),
            sqs=connect_sqs(session),
            s3=connect_s3(session),
            dynamodb=connect_dynamodb(session),
            rekognition=session.client("rekognition", config=_limits(read=15, attempts=3)),
            polly=session.client("polly", config=_limits(read=5, attempts=2)),
        )


def _limits(read: int, attempts: int, **more: Any) -> Config:
    # Mode and attempts are pinned: their defaults changed between versions of botocore (1.44).
    return Config(
        connect_timeout=3,
        read_timeout=read,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=_CONNECTIONS,
        tcp_keepalive=True,
        **more,
    )
