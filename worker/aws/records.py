"""The DynamoDB table of records, and the claim that only one attempt holds at a time."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from worker.aws.errors import ConditionFailed, cloud_errors
from worker.domain.errors import ClaimRefused, LeaseLost
from worker.domain.press import Press
from worker.domain.record import Attributes, Status
from worker.domain.timestamp import iso

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TO_ITEM = TypeSerializer()
_FROM_ITEM = TypeDeserializer()

_CLAIMABLE = (
    "attribute_not_exists(#capture_id) OR (#status = :in_progress AND (#lease_until < :now OR #attempt = :attempt))"
)
_MINE = "#attempt = :attempt"


@dataclass(frozen=True)
class _Condition:
    """`compared` are the expression's `:values`, by name."""

    expression: str
    compared: Attributes


@dataclass(frozen=True)
class Records:
    """Every write but the first requires that the attempt still holds the item. All raise CloudError."""

    client: "DynamoDBClient"
    table: str

    def claim(self, press: Press, attempt: str, lease_until: datetime, now: datetime, fresh: Attributes) -> Attributes:
        """Take the press; `fresh` is written where nothing stands. What stood there before, or nothing.

        A retry of botocore's after a lost answer finds its own attempt and succeeds; what an earlier attempt left is
        still there among its own.

        Raises:
            ClaimRefused: a live lease of another attempt, or a terminal record.
        """
        try:
            return self._update(
                press,
                {**fresh, "attempt": attempt, "lease_until": iso(lease_until)},
                (),
                _Condition(_CLAIMABLE, {"now": iso(now), "in_progress": Status.IN_PROGRESS, "attempt": attempt}),
                returned="ALL_OLD",
            )
        except ConditionFailed as error:
            item = _read_item(error.item) if error.item else self.get(press.camera, press.capture_id)
            raise ClaimRefused(item or {}) from error

    def write(self, press: Press, attempt: str, values: Attributes, remove: Iterable[str] = ()) -> None:
        """Set and remove attributes of a press that `attempt` holds.

        Raises:
            LeaseLost: another attempt holds it now.
        """
        try:
            self._update(press, values, remove, _Condition(_MINE, {"attempt": attempt}))
        except ConditionFailed as error:
            raise LeaseLost from error

    def delete(self, press: Press, attempt: str | None) -> None:
        """Delete the record that `attempt` was the last to work on.

        Raises:
            LeaseLost: another attempt has taken it up.
        """
        mine: Any = {
            "ConditionExpression": _MINE if attempt else "attribute_not_exists(#attempt)",
            "ExpressionAttributeNames": {"#attempt": "attempt"},
            **({"ExpressionAttributeValues": {":attempt": {"S": attempt}}} if attempt else {}),
        }
        try:
            with cloud_errors("dynamodb:DeleteItem"):
                self.client.delete_item(TableName=self.table, Key=_key(press.camera, press.capture_id), **mine)
        except ConditionFailed as error:
            raise LeaseLost from error

    def get(self, camera: str, capture_id: str) -> Attributes | None:
        """The record as it stands now, or None."""
        with cloud_errors("dynamodb:GetItem"):
            answer = self.client.get_item(TableName=self.table, Key=_key(camera, capture_id), ConsistentRead=True)
        return _read_item(answer["Item"]) if "Item" in answer else None

    def latest(self, camera: str, limit: int) -> list[Attributes]:
        """The camera's records, newest first."""
        with cloud_errors("dynamodb:Query"):
            answer = self.client.query(
                TableName=self.table,
                KeyConditionExpression="#camera = :camera",
                ExpressionAttributeNames={"#camera": "camera"},
                ExpressionAttributeValues={":camera": {"S": camera}},
                ScanIndexForward=False,
                Limit=limit,
            )
        return [_read_item(item) for item in answer["Items"]]

    def _update(
        self,
        press: Press,
        values: Attributes,
        remove: Iterable[str],
        condition: _Condition,
        # To tell what stood there before costs DynamoDB's time and ours.
        returned: Literal["ALL_OLD", "NONE"] = "NONE",
    ) -> Attributes:
        removed = list(remove)
        expression = "SET " + ", ".join(f"#{name} = :set_{name}" for name in values)
        if removed:
            expression += " REMOVE " + ", ".join(f"#{name}" for name in removed)
        # Always aliases: `status`, `error`, `text` and `source` are reserved words in expressions.
        names = {*values, *removed, *re.findall(r"#(\w+)", condition.expression)}
        arguments = {f":set_{name}": value for name, value in values.items()}
        arguments |= {f":{name}": value for name, value in condition.compared.items()}
        with cloud_errors("dynamodb:UpdateItem"):
            answer = self.client.update_item(
                TableName=self.table,
                Key=_key(press.camera, press.capture_id),
                UpdateExpression=expression,
                ConditionExpression=condition.expression,
                ExpressionAttributeNames={f"#{name}": name for name in names},
                ExpressionAttributeValues={
                    name: _TO_ITEM.serialize(_to_number(value)) for name, value in arguments.items()
                },
                ReturnValues=returned,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        return _read_item(answer.get("Attributes", {}))


def _key(camera: str, capture_id: str) -> dict[str, Any]:
    return {"camera": {"S": camera}, "capture_id": {"S": capture_id}}


def _read_item(item: Mapping[str, Any]) -> Attributes:
    return {name: _from_number(_FROM_ITEM.deserialize(value)) for name, value in item.items()}


def _to_number(value: Any) -> Any:
    """DynamoDB's numbers are decimals: floats by their shortest text, which is what a person wrote."""
    if isinstance(value, Mapping):
        return {str(key): _to_number(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_to_number(item) for item in value]
    if isinstance(value, float):
        return Decimal(repr(round(value, 12)))
    return str(value) if isinstance(value, str) else value


def _from_number(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _from_number(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_from_number(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
