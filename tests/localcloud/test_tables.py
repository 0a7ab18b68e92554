from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from localcloud.server import LocalCloud

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CLAIMS = 12


@pytest.fixture
def table(cloud: LocalCloud) -> str:
    return cloud.resources.table


def claim(dynamodb: "DynamoDBClient", table: str, capture_id: str, worker: str) -> None:
    dynamodb.put_item(
        TableName=table,
        Item={"camera": {"S": "lobby"}, "capture_id": {"S": capture_id}, "worker": {"S": worker}},
        ConditionExpression="attribute_not_exists(capture_id)",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )


def test_of_many_claims_at_once_one_succeeds(dynamodb: "DynamoDBClient", table: str) -> None:
    capture_id = str(uuid4())

    def attempt(worker: int) -> bool:
        try:
            claim(dynamodb, table, capture_id, str(worker))
        except dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    with ThreadPoolExecutor(CLAIMS) as workers:
        assert sum(workers.map(attempt, range(CLAIMS))) == 1


def test_a_refused_claim_is_shown_who_holds_it(dynamodb: "DynamoDBClient", table: str) -> None:
    capture_id = str(uuid4())
    claim(dynamodb, table, capture_id, "first")
    with pytest.raises(ClientError) as refused:
        claim(dynamodb, table, capture_id, "second")
    response: Any = refused.value.response
    assert response["Item"]["worker"] == {"S": "first"}
