"""DynamoDB's Query, at the pace of a table whose sort keys are in order.

moto sorts all of its table by comparing objects at each query, and looks for every member of every value under several
names: with 18,000 items in the table the newest twelve took 0.3 s, and an answer of 1 MB six.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from moto.core.exceptions import JsonRESTError
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.utilities import dynamo_json_dump
from moto.dynamodb.parsing.key_condition_expression import parse_expression
from werkzeug import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from moto.dynamodb.models.table import Table

MAX_ANSWER_BYTES = 1_000_000
"""Where DynamoDB ends an answer."""
_TARGET = "DynamoDB_20120810.Query"
_KNOWN = {
    "TableName",
    "KeyConditionExpression",
    "FilterExpression",
    "ProjectionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ScanIndexForward",
    "ConsistentRead",
    "Limit",
    "ExclusiveStartKey",
}
_REGION = re.compile(r"Credential=[^/]+/\d+/([a-z0-9-]+)/")


class Unusual(Exception):
    """A query of another kind, or one that has to be refused: moto knows how."""


@dataclass(frozen=True)
class Query:
    """`attributes` are those of the projection; `after` is the sort key behind which the answer begins.

    `lets` says whether an item that was read is answered, too.
    """

    table: "Table"
    partition: DynamoType
    comparison: str | None
    bounds: list[DynamoType]
    backward: bool
    limit: int | None
    after: Any
    attributes: frozenset[str] | None
    lets: Callable[[Item], bool]


class Queries:
    """Answers queries by the keys of a table, and hands everything else on to moto."""

    def __init__(self, moto: "WSGIApplication") -> None:
        self._moto = moto

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("HTTP_X_AMZ_TARGET") != _TARGET:
            return self._moto(environ, start_response)
        body = Request(environ).get_data()
        try:
            query = read(json.loads(body), environ.get("HTTP_AUTHORIZATION", ""))
        except (Unusual, JsonRESTError, KeyError, ValueError, TypeError):
            return self._moto(environ | {"wsgi.input": BytesIO(body)}, start_response)
        answer = Response(dynamo_json_dump(answered(query)), content_type="application/x-amz-json-1.0")
        return answer(environ, start_response)


def read(told: Mapping[str, Any], authorization: str) -> Query:
    """Raises Unusual, or whatever moto's own parser does."""
    region = _REGION.search(authorization)
    names, values = told.get("ExpressionAttributeNames", {}), told["ExpressionAttributeValues"]
    condition, projection = told["KeyConditionExpression"], told.get("ProjectionExpression")
    words = f"{condition} {projection or ''} {told.get('FilterExpression', '')}"
    used = set(re.findall(r"#\w+", words)), set(re.findall(r":\w+", words))
    if told.keys() - _KNOWN or region is None or used != (names.keys(), values.keys()):
        raise Unusual
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID][region[1]].tables[told["TableName"]]
    hashes, ranges, _ = parse_expression(
        key_condition_expression=condition,
        expression_attribute_names=names,
        expression_attribute_values=values,
        schema=table.schema,
    )
    [(_, partition)] = hashes
    comparison, bounds = (ranges[-1][1], ranges[-1][2]) if ranges else (None, [])
    start, limit = told.get("ExclusiveStartKey"), told.get("Limit")
    if not table.range_key_attr or (limit is not None and limit < 1):
        raise Unusual
    if start is not None and DynamoType(start[table.hash_key_attr]) != DynamoType(partition):
        raise Unusual
    return Query(
        table,
        DynamoType(partition),
        comparison,
        list(map(DynamoType, bounds)),
        told.get("ScanIndexForward") is False,
        limit,
        None if start is None else DynamoType(start[table.range_key_attr]).cast_value,
        None if projection is None else _top_level(projection, names),
        get_filter_expression(told.get("FilterExpression"), names, values).expr,
    )


def _top_level(projection: str, names: Mapping[str, str]) -> frozenset[str]:
    """Raises Unusual for a path into a document, for what may be a reserved word, and for what is named twice."""
    parts = [part.strip() for part in projection.split(",")]
    if not all(part in names for part in parts) or len(set(parts)) < len(parts):
        raise Unusual
    return frozenset(names[part] for part in parts)


def answered(query: Query) -> dict[str, Any]:
    """As on the wire: whole items until the limit, or 1 MB."""
    scanned: list[Item] = []
    size, last = 0, None
    for item in _wanted(query):
        more = item.size()
        if len(scanned) == query.limit or (scanned and size + more > MAX_ANSWER_BYTES):
            last = scanned[-1]
            break
        scanned.append(item)
        size += more
    found = list(filter(query.lets, scanned))
    answer = {
        "Items": [_shown(item, query.attributes) for item in found],
        "Count": len(found),
        "ScannedCount": len(scanned),
    }
    schema = {key["AttributeName"] for key in query.table.schema}
    return answer if last is None else {**answer, "LastEvaluatedKey": _shown(last, schema)}


def _wanted(query: Query) -> Iterator[Item]:
    """The items that the key condition is for, in the order asked for, behind the start key."""
    items: Any = query.table.items.get(query.partition, {})
    for item in sorted(items.values(), key=lambda item: item.range_key.cast_value, reverse=query.backward):
        at = item.range_key.cast_value
        if query.after is not None and (at >= query.after if query.backward else at <= query.after):
            continue
        if query.comparison is None or item.range_key.compare(query.comparison, query.bounds):
            yield item


def _shown(item: Item, attributes: frozenset[str] | set[str] | None) -> dict[str, Any]:
    return {name: _wire(value) for name, value in item.attrs.items() if attributes is None or name in attributes}


def _wire(value: DynamoType) -> dict[str, Any]:
    """Moto's own would copy it at each of its levels first."""
    inside: Any = value.value
    if value.is_map():
        return {value.type: {name: _wire(member) for name, member in inside.items()}}
    if value.is_list():
        return {value.type: list(map(_wire, inside))}
    found: dict[str, Any] = value.to_json()
    return found
