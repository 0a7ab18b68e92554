"""The faces of a photo: where they are, in percent of it, and what they wear."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from board.domain.attributes import entries, mapping, number, text, within
from board.domain.item import Item
from board.domain.moods import word

MAX_FACES = 100
"""As many as DetectFaces finds."""


@dataclass(frozen=True)
class Box:
    """Percent of the photo's width and height, within it."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Rating:
    """Of one emotion, 0 to 100."""

    word: str
    percent: float


@dataclass(frozen=True)
class Face:
    """`box` is None where it is nowhere to be seen; `ratings` has the surest first."""

    box: Box | None
    ratings: tuple[Rating, ...]
    attributes: tuple[tuple[str, str], ...]

    @property
    def top(self) -> Rating | None:
        return next(iter(self.ratings), None)

    @property
    def telling(self) -> tuple[Rating, ...]:
        """Without those that are next to nothing."""
        return self.ratings[:1] + tuple(rating for rating in self.ratings[1:] if rating.percent >= 1)

    @property
    def name(self) -> str:
        """Such as `happy 99 %`."""
        return f"{self.top.word} {self.top.percent:.0f} %" if self.top else ""


def read_faces(record: Item) -> tuple[Face, ...]:
    """In the record's order, the largest first."""
    return tuple(_face(face) for face in entries(record.get("faces"))[:MAX_FACES])


def _face(face: Mapping[str, Any]) -> Face:
    return Face(_box(mapping(face.get("box"))), _ratings(face), tuple(_attributes(mapping(face.get("attributes")))))


def _box(box: Mapping[str, Any]) -> Box | None:
    left, top = (round(within(box.get(name), 0, 1) * 100, 2) for name in ("left", "top"))
    width = round(within(box.get("width"), 0, 1 - left / 100) * 100, 2)
    height = round(within(box.get("height"), 0, 1 - top / 100) * 100, 2)
    return Box(left, top, width, height) if width > 0 and height > 0 else None


def _ratings(face: Mapping[str, Any]) -> tuple[Rating, ...]:
    rated = mapping(face.get("emotions")) or {text(face.get("emotion")): face.get("confidence")}
    known = [Rating(word(name), within(value, 0, 100)) for name, value in rated.items() if number(value) is not None]
    return tuple(sorted(filter(lambda rating: rating.word, known), key=lambda rating: -rating.percent))


def _attributes(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What FACE_ATTRIBUTES=ALL adds, as far as it can be said in a word: not where each eyebrow is."""
    told = [(_spaced(name), _told(value)) for name, value in sorted(found.items())]
    return [(name, words) for name, words in told if words]


def _told(value: Any) -> str:
    value = mapping(value)
    if isinstance(value.get("Value"), bool | str):
        said = value["Value"] if isinstance(value["Value"], str) else "yes" if value["Value"] else "no"
        return f"{text(said, 40).lower()} ({within(value.get('Confidence'), 0, 100):.0f} %)"
    if number(value.get("Low")) is not None:
        return f"{within(value.get('Low'), 0, 200):.0f} to {within(value.get('High'), 0, 200):.0f}"
    parts = [(_spaced(name).lower(), number(part)) for name, part in value.items()]
    return ", ".join(f"{name} {rated:.0f}" for name, rated in parts if rated is not None)


def _spaced(name: str) -> str:
    """`EyesOpen` as `Eyes open`."""
    words = "".join(f" {char}" if char.isupper() else char for char in text(name, 40)).strip()
    return words.capitalize()
