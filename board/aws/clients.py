"""The boto3 clients; nobody waits at a screen for longer than some seconds."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ConfigParseError, ProfileNotFound
from botocore.parsers import ResponseParserError

from board.aws.errors import NO_ANSWER, cloud_errors
from board.settings import SettingsError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

_CONNECTIONS = 20


@dataclass(frozen=True)
class Clients:
    """`sqs` is None where nothing may be changed."""

    dynamodb: "DynamoDBClient"
    s3: "S3Client"
    sqs: "SQSClient | None"


def aws_session() -> boto3.Session:
    """By boto3's own settings, and by AWS_REGION, which boto3 alone of the SDKs does not read. Raises SettingsError."""
    try:
        session = boto3.Session(region_name=os.environ.get("AWS_REGION") or None)
    except ProfileNotFound as error:
        profile = error.kwargs["profile"]
        raise SettingsError(
            f"AWS_PROFILE: there is no profile {profile!r} in AWS's files; add it there, or leave this empty"
        ) from error
    except ConfigParseError as error:
        raise SettingsError(
            f"AWS_CONFIG_FILE: {error.kwargs['path']} cannot be read; it has lines such as [profile lan]"
        ) from error
    if not session.region_name:
        raise SettingsError(
            "AWS_REGION: not set, and no profile names one; it is the region of the table, such as eu-west-1"
        )
    return session


def connect(session: boto3.Session, *, actions: bool) -> Clients:
    """Calls nothing yet. Raises CloudError."""
    # Path style: `bucket.host` has no address where the host is a container or this machine.
    path_style = {"addressing_style": "path"}
    with cloud_errors("AWS"):
        clients = Clients(
            session.client("dynamodb", config=_limits(read=5, parameter_validation=False)),
            session.client("s3", config=_limits(read=10, s3=path_style)),
            session.client("sqs", config=_limits(read=5)) if actions else None,
        )
    clients.dynamodb.meta.events.register("before-parse.dynamodb", _check_whole)
    if clients.sqs:
        clients.sqs.meta.events.register("before-parse.sqs", _check_whole)
    return clients


def _check_whole(response_dict: Mapping[str, Any], **_more: Any) -> None:
    """Botocore (1.44) takes half an answer, or a portal's page, for an answer with nothing in it."""
    if response_dict["status_code"] != HTTPStatus.OK:
        return
    try:
        whole = isinstance(json.loads(response_dict["body"]), dict)
    except ValueError:
        whole = False
    if not whole:
        raise ResponseParserError(NO_ANSWER)


def _limits(read: int, **more: Any) -> Config:
    # Mode and attempts are pinned: their defaults changed between versions of botocore (1.44).
    return Config(
        connect_timeout=3,
        read_timeout=read,
        retries={"mode": "standard", "total_max_attempts": 2},
        max_pool_connections=_CONNECTIONS,
        tcp_keepalive=True,
        **more,
    )
