"""A query is answered as moto answers it, and what is unusual by moto itself."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import Client

from localcloud.queries import Queries

AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=any/20261126/us-east-1/dynamodb/aws4_request, SignedHeaders=host"
TABLE = {
    "TableName": "captures",
    "KeySchema": [
        {"AttributeName": "camera", "KeyType": "HASH"},
        {"AttributeName": "capture_id", "KeyType": "RANGE"},
    ],
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("camera", "capture_id")],
    "BillingMode": "PAY_PER_REQUEST",
}
LOBBY = {":camera": {"S": "lobby"}}
OF_LOBBY = "camera = :camera"
LAST = {"camera": {"S": "lobby"}, "capture_id": {"S": "05"}}
USUAL: dict[str, dict[str, Any]] = {
    "all": {},
    "newest first": {"ScanIndexForward": False},
    "some": {"Limit": 3},
    "as many as there are": {"Limit": 10},
    "the newest": {"Limit": 3, "ScanIndexForward": False},
    "more": {"ExclusiveStartKey": LAST, "Limit": 2},
    "more, newest first": {"ExclusiveStartKey": LAST, "ScanIndexForward": False},
    "consistent": {"ConsistentRead": True},
    "of nobody": {"ExpressionAttributeValues": {":camera": {"S": "nobody"}}},
    "before": {
        "KeyConditionExpression": "#camera = :camera AND #id < :bound",
        "ExpressionAttributeNames": {"#camera": "camera", "#id": "capture_id"},
        "ExpressionAttributeValues": LOBBY | {":bound": {"S": "04"}},
        "ScanIndexForward": False,
        "Limit": 2,
    },
    "between": {
        "KeyConditionExpression": "camera = :camera AND capture_id BETWEEN :from AND :to",
        "ExpressionAttributeValues": LOBBY | {":from": {"S": "02"}, ":to": {"S": "06"}},
        "ExclusiveStartKey": LAST,
    },
    "some of which meet a condition": {
        "FilterExpression": "attribute_exists(#mood.#worn) OR #count = :count",
        "ExpressionAttributeNames": {"#mood": "mood", "#worn": "SAD", "#count": "face_count"},
        "ExpressionAttributeValues": LOBBY | {":count": {"N": "8"}},
        "ScanIndexForward": False,
        "Limit": 3,
    },
    "none of which meets a condition": {"FilterExpression": "attribute_exists(nothing)", "Limit": 3},
    "parts": {"ProjectionExpression": "camera, #faces", "ExpressionAttributeNames": {"#faces": "faces"}},
}
UNUSUAL: dict[str, dict[str, Any]] = {
    "an index": {"IndexName": "by-mood"},
    "a path into a document": {"ProjectionExpression": "faces[0].emotion"},
    "a reserved word": {"ProjectionExpression": "status"},
    "a part twice": {"ProjectionExpression": "camera, camera"},
    "a start elsewhere": {"ExclusiveStartKey": {"camera": {"S": "hall"}, "capture_id": {"S": "05"}}},
    "no table": {"TableName": "other"},
    "a name that is not used": {"ExpressionAttributeNames": {"#unused": "camera"}},
    "a value that is not used": {"ExpressionAttributeValues": LOBBY | {":unused": {"S": "x"}}},
    "no hash key": {"KeyConditionExpression": "capture_id = :camera"},
    "a count": {"Select": "COUNT"},
}


@pytest.fixture(scope="module")
def moto() -> Iterator[Client]:
    """One with ten records in it."""
    application = DomainDispatcherApplication(create_backend_app)
    client = Client(application)
    assert asked(client, "CreateTable", TABLE)[0] == 200
    for number in range(10):
        box = {"M": {"left": {"N": f"0.{number}"}}}
        item = {
            "camera": {"S": "lobby"},
            "capture_id": {"S": f"{number:02}"},
            "face_count": {"N": str(number)},
            "faces": {"L": [{"M": {"box": box, "emotion": {"S": "HAPPY"}}}]},
            "video": {"BOOL": True},
            "error": {"NULL": True},
            "tags": {"SS": ["a", "b"]},
            "print": {"B": "AP8="},
            "prints": {"BS": ["AP8="]},
            "noise": {"S": "x" * 150_000},
        }
        assert asked(client, "PutItem", {"TableName": "captures", "Item": item})[0] == 200
    yield client
    asked(client, "DeleteTable", {"TableName": "captures"})


@pytest.fixture
def queries(moto: Client) -> Client:
    return Client(Queries(moto.application))


def asked(client: Client, operation: str, body: dict[str, Any]) -> tuple[int, Any]:
    headers = {"X-Amz-Target": f"DynamoDB_20120810.{operation}", "Authorization": AUTHORIZATION}
    with client.post(
        "http://localhost/", data=json.dumps(body), headers=headers, content_type="application/x-amz-json-1.0"
    ) as answer:
        return answer.status_code, json.loads(answer.get_data())


def query(client: Client, change: dict[str, Any]) -> tuple[int, Any]:
    basis = {"TableName": "captures", "KeyConditionExpression": OF_LOBBY, "ExpressionAttributeValues": LOBBY}
    return asked(client, "Query", basis | change)


@pytest.mark.parametrize("change", USUAL.values(), ids=USUAL)
def test_of(moto: Client, queries: Client, change: dict[str, Any]) -> None:
    status, answer = query(queries, change)
    assert (status, answer) == query(moto, change)
    assert status == 200


@pytest.mark.parametrize("change", UNUSUAL.values(), ids=UNUSUAL)
def test_with(moto: Client, queries: Client, change: dict[str, Any]) -> None:
    assert query(queries, change) == query(moto, change)


def test_an_answer_ends_at_a_megabyte(queries: Client) -> None:
    _, answer = query(queries, {})
    assert len(answer["Items"]) == 6
    _, rest = query(queries, {"ExclusiveStartKey": answer["LastEvaluatedKey"]})
    assert [item["capture_id"]["S"] for item in rest["Items"]] == ["06", "07", "08", "09"]
    assert "LastEvaluatedKey" not in rest


def test_other_operations_are_motos(queries: Client) -> None:
    key = {"camera": {"S": "lobby"}, "capture_id": {"S": "03"}}
    assert asked(queries, "GetItem", {"TableName": "captures", "Key": key})[1]["Item"]["face_count"] == {"N": "3"}
