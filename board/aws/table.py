"""The one DynamoDB table, of which each item has a camera and a capture_id; only read."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from boto3.dynamodb.types import Binary, TypeDeserializer

from board.aws.errors import NO_ANSWER, cloud_errors
from board.domain.captures import Stretch
from board.domain.errors import CloudUnavailable
from board.domain.item import Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PAGE = 125
"""DynamoDB would give 1 MB: to read that takes a third of a second, in which nothing else of the board gets on."""

_FROM_ITEM = TypeDeserializer()


@dataclass(frozen=True)
class Condition:
    """Of items, as DynamoDB writes it; its values are strings."""

    expression: str
    aliases: Mapping[str, str]
    values: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """All block, and raise CloudError."""

    client: "DynamoDBClient"
    name: str

    def get(self, camera: str, capture_id: str) -> Item | None:
        """The item as it stands now, or None."""
        with cloud_errors("dynamodb:GetItem"):
            answer = self.client.get_item(TableName=self.name, Key=_key(camera, capture_id), ConsistentRead=True)
        return _read(answer["Item"]) if "Item" in answer else None

    def newest(self, camera: str, limit: int, *, consistent: bool = False) -> list[Item]:
        """At most `limit` items of a partition, newest first; unless `consistent`, for half the price, of a moment ago.

        One call: DynamoDB ends an answer at 1 MB, so there may be fewer than there are.
        """
        return self.stretch(camera, limit, consistent=consistent).items

    def stretch(
        self,
        camera: str,
        limit: int,
        before: str | None = None,
        condition: Condition | None = None,
        *,
        consistent: bool = False,
    ) -> Stretch:
        """Those before `before`, and how far they reach; of `limit` items those that meet the `condition`."""
        # What is older than `before` follows it, also where there is no such item: no condition has to be met.
        after: dict[str, Any] = {} if before is None else {"ExclusiveStartKey": _key(camera, before)}
        items, last = self._query(camera, "", {}, condition, Limit=limit, ConsistentRead=consistent, **after)
        return Stretch(items, None if last is None else last["capture_id"]["S"])

    def after(self, camera: str, limit: int, capture_id: str) -> list[Item]:
        """At most `limit` items with a greater capture_id, the oldest first."""
        bound = {":bound": capture_id}
        return self._query(camera, "#capture_id > :bound", bound, Limit=limit, ScanIndexForward=True)[0]

    def pages(
        self, camera: str, since: str, until: str = "~", attributes: tuple[str, ...] = (), limit: int = PAGE
    ) -> Iterator[list[Item]]:
        """The items of a partition from `since` to before `until`, newest first, at most `limit` at a time.

        With `attributes` only those; DynamoDB bills the whole items all the same.
        """
        more: dict[str, Any] = {"Limit": limit}
        if attributes:
            more["ProjectionExpression"] = ", ".join(f"#{name}" for name in attributes)
        bounds = {":since": since, ":bound": until}
        while True:
            # Both bounds are included, and no capture_id ends before its `#`.
            items, last = self._query(camera, "#capture_id BETWEEN :since AND :bound", bounds, names=attributes, **more)
            yield items
            if last is None:
                return
            more["ExclusiveStartKey"] = last

    def _query(
        self,
        camera: str,
        keys: str,
        bounds: Mapping[str, str],
        condition: Condition | None = None,
        names: tuple[str, ...] = (),
        **more: Any,
    ) -> tuple[list[Item], Any]:
        # Always aliases: `status`, `error`, `text` and `source` are reserved words in expressions.
        aliases = {f"#{name}": name for name in {"camera", *names, *(["capture_id"] if keys else [])}}
        values = {":camera": camera, **bounds}
        if condition is not None:
            aliases, values = {**aliases, **condition.aliases}, {**values, **condition.values}
            more["FilterExpression"] = condition.expression
        with cloud_errors("dynamodb:Query"):
            answer = self.client.query(
                TableName=self.name,
                KeyConditionExpression=" AND ".join(filter(None, ["#camera = :camera", keys])),
                ExpressionAttributeNames=aliases,
                ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
                **{"ScanIndexForward": False, **more},
            )
        if "Items" not in answer:
            raise CloudUnavailable(f"dynamodb:Query: {NO_ANSWER}")
        return [_read(item) for item in answer["Items"]], answer.get("LastEvaluatedKey")


def _key(camera: str, capture_id: str) -> Mapping[str, Any]:
    return {"camera": {"S": camera}, "capture_id": {"S": capture_id}}


def _read(item: Mapping[str, Any]) -> Item:
    return {name: _plain(_FROM_ITEM.deserialize(value)) for name, value in item.items()}


def _plain(value: Any) -> Any:
    """As JSON has it: DynamoDB's numbers are decimals, its sets and bytes are nothing that the worker writes."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | set):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Binary):
        return b64encode(cast("Any", value).value).decode()
    return value if value is None or isinstance(value, str | bool) else str(value)
