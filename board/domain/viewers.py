"""Who looks, and what each of them gets to see."""

from dataclasses import dataclass
from enum import StrEnum

_HEALTH, _STATIC = "/healthz", "/static/"
_LOGIN = frozenset({"/login", "/logout"})
EVENTS = "/api/events"
TROUBLE = "AWS did not answer as it should; the board's log says more."
"""For a screen on a wall: AWS's own words have account ids and names in them."""


class ScreenKind(StrEnum):
    """The pages that a link can open."""

    MONITOR = "monitor"
    BILLBOARD = "billboard"


@dataclass(frozen=True)
class Person:
    """Gets to see everything; `name` is known where a proxy told it."""

    name: str | None = None


@dataclass(frozen=True)
class Screen:
    """A browser that a link let in: it gets to see one page and what belongs to it, and no face."""

    kind: ScreenKind
    camera: str
    link_id: str

    @property
    def page(self) -> str:
        return f"/{self.kind}/{self.camera}"

    def opens(self, path: str, camera: str | None = None) -> bool:
        """`path` is decoded and absolute, `camera` the one that the query names, if any."""
        if path == EVENTS:
            return camera in {None, "", self.camera}
        if path == f"/api/watch/{self.camera}":
            return self.kind is ScreenKind.MONITOR
        return path == self.page or path.startswith(f"{self.page}/")


Viewer = Person | Screen


def is_public(path: str) -> bool:
    """Whether anybody gets an answer there, whoever says who looks."""
    return path == _HEALTH or path.startswith(_STATIC)


def is_login(path: str) -> bool:
    """Whether it is where a password is asked for."""
    return path in _LOGIN


def can_have_link(path: str) -> bool:
    """Whether it is a page that a link can open, of any camera."""
    first, _, rest = path.removeprefix("/").partition("/")
    return first in set(ScreenKind) and bool(rest) and "/" not in rest


def trouble_for(viewer: Viewer | None, words: str) -> str:
    """What went wrong with AWS, in as many words as are `viewer`'s business."""
    return words if isinstance(viewer, Person) else TROUBLE
