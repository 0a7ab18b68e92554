"""Stacks of the template as it is, in moto."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

from infra.package import pack
from tests.infra.conftest import REGION, TEMPLATE
from tests.integration.infra.conftest import Cloud


def unused_name() -> str:
    return f"test-{uuid4().hex[:8]}"


def create(cloud: Cloud, folder: Path, name: str, **options: str) -> dict[str, str]:
    """Makes the stack, its code in a bucket `<name>-code`; returns its outputs."""
    code, s3 = pack(folder), cloud.client("s3")
    bucket = f"{name}-code"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.upload_file(str(code), bucket, code.name)
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=TEMPLATE.read_text(),
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in {"CodeBucket": bucket, "CodeKey": code.name, **options}.items()
        ],
        Capabilities=["CAPABILITY_IAM"],
    )
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def variables(function: Any) -> dict[str, str]:
    return {name: str(value) for name, value in function["Environment"]["Variables"].items()}


def enforce_iam(cloud: Cloud, *, after_calls: float = 0) -> None:
    """From now on, or after so many calls, moto checks every call against the caller's policies."""
    requests.post(f"{cloud.endpoint}/moto-api/reset-auth", data=str(after_calls), timeout=5).raise_for_status()


def keys_of(cloud: Cloud, user: str) -> dict[str, str]:
    key = cloud.client("iam").create_access_key(UserName=user)["AccessKey"]
    return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
