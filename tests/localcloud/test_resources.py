import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from localcloud.resources import deploy
from localcloud.server import LocalCloud

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient


def test_names_are_those_of_the_stacks_outputs(cloud: LocalCloud) -> None:
    made = cloud.resources
    assert (made.queue, made.dead_letter_queue) == ("take-picture", "take-picture-dead-letters")
    assert made.table == "take-picture-captures"
    assert made.bucket.startswith("take-picture-bucket-")


def test_the_queue_gives_a_message_up_when_the_template_says_so(sqs: "SQSClient", cloud: LocalCloud) -> None:
    queue = sqs.get_queue_url(QueueName=cloud.resources.queue)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    redrive = json.loads(found["RedrivePolicy"])
    assert (redrive["maxReceiveCount"], found["ReceiveMessageWaitTimeSeconds"]) == (5, "20")
    assert redrive["deadLetterTargetArn"].endswith(f":{cloud.resources.dead_letter_queue}")


def test_the_table_has_the_keys_of_the_records(dynamodb: "DynamoDBClient", cloud: LocalCloud) -> None:
    keys = dynamodb.describe_table(TableName=cloud.resources.table)["Table"]["KeySchema"]
    assert [(key["AttributeName"], key["KeyType"]) for key in keys] == [("camera", "HASH"), ("capture_id", "RANGE")]


def test_the_table_forgets_and_the_bucket_is_private_as_the_template_says(
    session: boto3.Session, dynamodb: "DynamoDBClient", cloud: LocalCloud
) -> None:
    expiry = dynamodb.describe_time_to_live(TableName=cloud.resources.table)["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
    s3 = session.client("s3", endpoint_url=cloud.endpoint)
    block = s3.get_public_access_block(Bucket=cloud.resources.bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}


def test_the_function_that_presses_is_there_too(session: boto3.Session, cloud: LocalCloud) -> None:
    functions: Any = session.client("lambda", endpoint_url=cloud.endpoint)
    function = functions.get_function_configuration(FunctionName="take-picture-press")
    assert function["Handler"] == "lambda_trigger.handler.handler"


def test_a_second_stack_has_resources_of_its_own(session: boto3.Session, cloud: LocalCloud) -> None:
    other = deploy(session, cloud.endpoint, "other")
    assert (other.queue, other.table) == ("other", "other-captures")
    assert other.bucket != cloud.resources.bucket


def test_no_stack_is_made_twice(session: boto3.Session, cloud: LocalCloud) -> None:
    with pytest.raises(ClientError):
        deploy(session, cloud.endpoint)
