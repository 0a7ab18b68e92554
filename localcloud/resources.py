"""The queues, the bucket and the table a worker expects to find, made by the template that makes them in AWS."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from infra.package import pack

if TYPE_CHECKING:
    from boto3.session import Session

STACK = "take-picture"
TEMPLATE = Path(__file__).parent.parent / "infra" / "template.yaml"


@dataclass(frozen=True)
class Resources:
    """Names of what a stack has made."""

    queue: str
    dead_letter_queue: str
    bucket: str
    table: str


def deploy(session: "Session", endpoint: str, stack: str = STACK) -> Resources:
    """Creates the stack with the template's defaults, at once; `stack` is also the name of its queue.

    Raises:
        botocore.exceptions.ClientError: There is such a stack already, or it could not be created.
    """
    cloudformation: Any = session.client("cloudformation", endpoint_url=endpoint)
    with _unsupported_resources_untold():
        cloudformation.create_stack(
            StackName=stack,
            TemplateBody=TEMPLATE.read_text(encoding="utf-8"),
            Parameters=_parameters(**_upload_code(session, endpoint, f"{stack}-code")),
            Capabilities=["CAPABILITY_IAM"],
        )
    (described,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    _set_what_moto_ignores(session, endpoint, outputs["BucketName"], outputs["TableName"])
    return Resources(
        queue=outputs["QueueUrl"].rpartition("/")[2],
        dead_letter_queue=outputs["DeadLetterQueueUrl"].rpartition("/")[2],
        bucket=outputs["BucketName"],
        table=outputs["TableName"],
    )


def _set_what_moto_ignores(session: "Session", endpoint: str, bucket: str, table: str) -> None:
    """Of the template: `check` looks at both. moto's CloudFormation takes these properties without a word."""
    session.client("dynamodb", endpoint_url=endpoint).update_time_to_live(
        TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"}
    )
    session.client("s3", endpoint_url=endpoint).put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    )


def create_bucket(session: "Session", endpoint: str, name: str) -> None:
    # Every region but the first has to be named.
    elsewhere: dict[str, Any] = {"CreateBucketConfiguration": {"LocationConstraint": session.region_name}}
    in_region = {} if session.region_name == "us-east-1" else elsewhere
    session.client("s3", endpoint_url=endpoint).create_bucket(Bucket=name, **in_region)


def _upload_code(session: "Session", endpoint: str, bucket: str) -> dict[str, str]:
    create_bucket(session, endpoint, bucket)
    s3 = session.client("s3", endpoint_url=endpoint)
    with TemporaryDirectory() as folder:
        code = pack(Path(folder))
        s3.put_object(Bucket=bucket, Key=code.name, Body=code.read_bytes())
    return {"CodeBucket": bucket, "CodeKey": code.name}


def _parameters(**values: str) -> list[dict[str, str]]:
    return [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()]


@contextmanager
def _unsupported_resources_untold() -> Iterator[None]:
    """What moto leaves out is called by nothing here: bucket policies, IoT rules, alarms. It warns of each, twice."""
    logger = logging.getLogger("moto")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Tried to parse .* not supported by moto's CloudFormation", UserWarning)
            yield
    finally:
        logger.setLevel(level)
