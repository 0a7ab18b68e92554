"""Plain values as DynamoDB's own JSON, and back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

_TO_ITEM = TypeSerializer()
_FROM_ITEM = TypeDeserializer()


def key(camera: str, capture_id: str) -> dict[str, Any]:
    """Of a record."""
    return {"camera": {"S": camera}, "capture_id": {"S": capture_id}}


def to_item(value: Any) -> Any:
    return _TO_ITEM.serialize(_to_number(value))


def read_item(item: Mapping[str, Any]) -> dict[str, Any]:
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
