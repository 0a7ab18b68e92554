"""The one DynamoDB table, of which each item has a camera and a capture_id: conditional writes and ordered reads."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from worker.aws.errors import cloud_errors
from worker.aws.items import key, read_item, to_item
from worker.domain.record import Attributes

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Key(NamedTuple):
    """Of an item: partition and sort key."""

    camera: str
    capture_id: str


@dataclass(frozen=True)
class Condition:
    """`compared` are the expression's `:values`, by name."""

    expression: str
    compared: Attributes


@dataclass(frozen=True)
class Table:
    """All raise CloudError, and the writes ConditionFailed, which is one."""

    client: "DynamoDBClient"
    name: str

    def get(self, at: Key) -> Attributes | None:
        """The item as it stands now, or None."""
        with cloud_errors("dynamodb:GetItem"):
            answer = self.client.get_item(TableName=self.name, Key=key(*at), ConsistentRead=True)
        return read_item(answer["Item"]) if "Item" in answer else None

    def newest_first(self, camera: str, page: int) -> Iterator[Attributes]:
        """All items of a camera, asked for `page` at a time."""
        condition = Condition("#camera = :camera", {"camera": camera})
        return self._query(condition, ScanIndexForward=False, Limit=page)

    def oldest_first(self, camera: str, since: str, until: str) -> Iterator[Attributes]:
        """The items of a camera whose capture_id lies between the two, both included."""
        compared = {"camera": camera, "since": since, "until": until}
        return self._query(
            Condition("#camera = :camera AND #capture_id BETWEEN :since AND :until", compared), ConsistentRead=True
        )

    def update(
        self,
        at: Key,
        values: Attributes,
        remove: Iterable[str],
        condition: Condition,
        # To tell what stood there before costs DynamoDB's time and ours.
        returned: Literal["ALL_OLD", "ALL_NEW", "NONE"] = "NONE",
    ) -> Attributes:
        """Set and remove attributes where `condition` holds; what `returned` asks for."""
        removed = list(remove)
        # Always aliases: `status`, `error`, `text` and `source` are reserved words in expressions.
        names = {*values, *removed, *_named(condition)}
        arguments = {f":set_{name}": value for name, value in values.items()}
        arguments |= {f":{name}": value for name, value in condition.compared.items()}
        given: dict[str, Any] = {"ExpressionAttributeValues": _items(arguments)} if arguments else {}
        with cloud_errors("dynamodb:UpdateItem"):
            answer = self.client.update_item(
                TableName=self.name,
                Key=key(*at),
                UpdateExpression=_expression(values, removed),
                ConditionExpression=condition.expression,
                ExpressionAttributeNames=_aliases(names),
                ReturnValues=returned,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **given,
            )
        return read_item(answer.get("Attributes", {}))

    def delete(self, at: Key, condition: Condition) -> None:
        """Delete the item where `condition` holds."""
        compared = {f":{name}": value for name, value in condition.compared.items()}
        given: dict[str, Any] = {"ExpressionAttributeValues": _items(compared)} if compared else {}
        with cloud_errors("dynamodb:DeleteItem"):
            self.client.delete_item(
                TableName=self.name,
                Key=key(*at),
                ConditionExpression=condition.expression,
                ExpressionAttributeNames=_aliases(_named(condition)),
                **given,
            )

    def _query(self, condition: Condition, **more: Any) -> Iterator[Attributes]:
        query: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": condition.expression,
            "ExpressionAttributeNames": _aliases(_named(condition)),
            "ExpressionAttributeValues": _items({f":{name}": value for name, value in condition.compared.items()}),
            **more,
        }
        while True:
            with cloud_errors("dynamodb:Query"):
                answer = self.client.query(**query)
            yield from map(read_item, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _expression(values: Attributes, removed: Iterable[str]) -> str:
    parts = {
        "SET": ", ".join(f"{_alias(name)} = :set_{name}" for name in values),
        "REMOVE": ", ".join(map(_alias, removed)),
    }
    return " ".join(f"{word} {names}" for word, names in parts.items() if names)


def _named(condition: Condition) -> set[str]:
    return set(re.findall(r"#(\w+)", condition.expression))


def _aliases(names: Iterable[str]) -> dict[str, str]:
    return {_alias(name): name for name in names}


def _items(arguments: Attributes) -> dict[str, Any]:
    return {name: to_item(value) for name, value in arguments.items()}


def _alias(name: str) -> str:
    """Whatever somebody may have called an attribute that is not ours."""
    return "#" + re.sub(r"\W", lambda found: f"_{ord(found[0]):x}_", name)
