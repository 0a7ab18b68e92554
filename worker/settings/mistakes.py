"""Mistakes in the settings, in plain words. No line shows what was given: somebody may have written a secret there."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from worker.logs import printable

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
U = TypeVar("U")
Label = Callable[[str], str]
"""What a person calls a field: its variable, or its place in the file."""


class SettingsError(Exception):
    """One printable line a mistake, each beginning with the setting's name; no line holds a secret."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = [printable(mistake) for mistake in mistakes]
        super().__init__("\n".join(self.mistakes))


def collect(mistakes: list[str], read: Callable[[], T]) -> T | None:
    """What was read, or None after its mistakes have been added to `mistakes`."""
    try:
        return read()
    except SettingsError as error:
        mistakes.extend(error.mistakes)
        return None


def both(first: Callable[[], T], second: Callable[[], U]) -> tuple[T, U]:
    """What two readings give. Raises SettingsError with the mistakes of both."""
    mistakes: list[str] = []
    one, other = collect(mistakes, first), collect(mistakes, second)
    if one is None or other is None:
        raise SettingsError(mistakes)
    return one, other


def validated(kind: type[M], values: Mapping[str, Any], label: Label, told: Collection[str] = ()) -> M:
    """Settings of `kind` from the values by field name; nothing is said of the fields in `told`.

    Raises:
        SettingsError: with every mistake there is.
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        # `from None`: pydantic's own text would show what was given.
        raise SettingsError(dict.fromkeys(_mistakes(error, kind, label, told))) from None


def both_given(one: str, other: str) -> str:
    return f"{one}: set together with {other}; one of them is enough"


def _mistakes(error: ValidationError, kind: type[BaseModel], label: Label, told: Collection[str]) -> Iterator[str]:
    for detail in error.errors(include_url=False, include_input=False, include_context=False):
        name = str(detail["loc"][0])
        if name not in told:
            yield f"{label(name)}: {_words(detail, kind.model_fields.get(name), kind)}"


def _words(detail: Any, field: FieldInfo | None, kind: type[BaseModel]) -> str:
    if field is None:
        return f"unknown; known are {', '.join(known_keys(kind))}"
    if detail["type"] == "missing":
        return f"not set; it is {field.description}"
    if detail["type"] == "value_error":
        return str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "too_short":
        return f"empty; it is {field.description}"
    return f"must be {_wanted(field)}"


def known_keys(kind: type[BaseModel]) -> list[str]:
    """The fields of `kind`, and the `X_file` beside each secret X."""
    return [key for name, field in kind.model_fields.items() for key in (name, *file_key(name, field))]


def file_key(name: str, field: FieldInfo) -> Iterator[str]:
    if is_secret(field):
        yield f"{name}_file"


def is_secret(field: FieldInfo) -> bool:
    return getattr(field.annotation, "__name__", "") == "SecretStr"


def _wanted(field: FieldInfo) -> str:
    """Such as "a whole number from 1 to 50, such as 4"."""
    for noted in field.metadata:
        if isinstance(noted, str):
            return noted
    kinds = {field.annotation, *get_args(field.annotation)}
    if get_origin(field.annotation) is Literal:
        *others, last = map(str, get_args(field.annotation))
        return f"{', '.join(others)} or {last}"
    if bool in kinds:
        return "true or false"
    if kinds & {int, float}:
        return _number(field, "whole number" if int in kinds else "number")
    return "a text in quotes"


def _number(field: FieldInfo, noun: str) -> str:
    low = next(noted.ge for noted in field.metadata if hasattr(noted, "ge"))
    high = next(noted.le for noted in field.metadata if hasattr(noted, "le"))
    example = field.examples[0] if field.examples else field.default
    return f"a {noun} from {low} to {high}, such as {example}"
