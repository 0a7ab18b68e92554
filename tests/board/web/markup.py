"""What strangers may have written into the table, and what HTML a page made of it."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from re import DOTALL, sub
from typing import Any
from urllib.parse import urlsplit

from board.domain.item import Item
from tests.board.fakes import record
from tests.board.watched import NAMES, a_bucket, a_watch, scored

TEMPLATES = Path(__file__).parents[3] / "board" / "templates"
TEXTS = (
    "<script>probe()</script>",
    "</script><probe>",
    "</title></textarea></style><probe>",
    '"onprobe="probe()',
    "'onprobe='probe()",
    "x onprobe=probe() ",
    '"><img src=x onprobe=probe()>',
    "<!--<probe>",
    "]]><probe>",
    "&lt;probe&gt;<probe>",
    "{{7*7}}{% raw %}${7*7}<probe>",
    "javascript:probe()",
    "data:text/html,<probe>",
    "//probe.example/",
    "https://probe.example/",
    "../../../probe",
    "\u2028\u2029<probe>\u202e\ufeff",
    "\x00\x1b[31m\x7f\x85\r\n\r\n<probe>",
    '=HYPERLINK("https://probe.example/")',
    "<probe>" * 1500,
    "\ud800".encode("utf-8", "replace").decode(),
)
WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1e308,
    10**40,
    "",
    " ",
    "x" * 10_000,
    [],
    {},
    [[]],
    [None],
    {"": {}},
    ["x"],
)
_ADDRESSES = {"href", "src", "action", "poster", "formaction", "data", "xlink:href", "srcset"}
_JINJA = r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}"


def items() -> list[Item]:
    """A press with all that a record can have, a watch, and its newest bucket."""
    pressed = record(
        command="RecordVideo",
        source="iot",
        device="G030",
        click="SINGLE",
        worker="pi",
        error="the camera did not answer",
        text="Hello.",
        voice="Joanna",
        taken_at="2026-11-22T18:44:00.400Z",
        completed_at="2026-11-22T18:44:02.000Z",
        lease_until="2026-11-22T18:45:00.000Z",
        video_bucket="photos",
        video_key="captures/lobby/2026/11/22/44.mp4",
        video={"seconds": 5.0, "codec": "h264", "width": 1920, "height": 1080, "partial": True, "bytes": 1_000_000},
        moments=[{"at_ms": 0, "face_count": 1, "mood": {"HAPPY": 1}, "top_emotion": "HAPPY"}],
        labels=[{"name": "Dog", "confidence": 93.0}],
    )
    sections = {NAMES[0]: scored("green", 82), NAMES[1]: scored("red", 17), NAMES[2]: {"level": "too_few"}}
    summary = {"sections": {NAMES[0]: {"mean": 70}}, "mean": 60}
    watch = a_watch(error="none", end_reason="stopped", ended_at="2026-11-22T18:44:00.000Z", summary=summary)
    return [pressed, watch, a_bucket(5, sections, mood={"HAPPY": 3})]


def everywhere(item: Item, written: Any) -> dict[str, Any]:
    """`item` with each of its values replaced, however deep, and in each map a name; what makes it be found stays."""
    kept = {name: item[name] for name in ("camera", "capture_id")}
    return {**_overwritten(item, written), **kept}


def _overwritten(value: Any, written: Any) -> Any:
    if isinstance(value, Mapping):
        named = {written: 1} if isinstance(written, str) else {}
        return {key: _overwritten(item, written) for key, item in value.items()} | named
    if isinstance(value, list):
        return [_overwritten(item, written) for item in value]
    return written


def one_by_one(item: Item, value: Any) -> Iterator[Item]:
    """`item` as often as it has values, however deep, each time with another one replaced."""
    for path in list(_paths(item)):
        if path not in {("camera",), ("capture_id",)}:
            yield _replaced(item, path, value)


def without_one(item: Item) -> Iterator[Item]:
    yield from ({name: kept for name, kept in item.items() if name != left_out} for left_out in item
                if left_out not in {"camera", "capture_id"})  # fmt: skip


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*path, key)
        yield from _paths(item, (*path, key))


def _replaced(value: Any, path: tuple[Any, ...], written: Any) -> Any:
    if not path:
        return written
    copied: Any = dict(value) if isinstance(value, Mapping) else list(value)
    copied[path[0]] = _replaced(value[path[0]], path[1:], written)
    return copied


class Elements(HTMLParser):
    """Its elements with the names of their attributes, its addresses, and the text in its scripts and styles.

    `data` has the texts of scripts that are no code but JSON.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes: set[tuple[str, str]] = set()
        self.addresses: set[str] = set()
        self.code = ""
        self.data: list[str] = []
        self._open = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = "data" if ("type", "application/json") in attrs else tag
        self.attributes |= {(tag, ""), *((tag, name) for name, _ in attrs)}
        self.addresses |= {value or "" for name, value in attrs if name in _ADDRESSES}

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._open = ""

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open in {"script", "style"}:
            self.code += data.strip()
        elif self._open == "data":
            self.data.append(data)


def of_templates() -> set[tuple[str, str]]:
    """What the templates have by themselves: in no page may there be anything else."""
    sources = [path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html")]
    return set().union(*(Elements(sub(_JINJA, "", source, flags=DOTALL)).attributes for source in sources))


def leads_elsewhere(address: str) -> bool:
    """As a browser reads it: it takes control characters away, and a backslash for a slash."""
    read = "".join(char for char in address if char > " ").replace("\\", "/")
    return bool(urlsplit(read).scheme) or read.startswith("/")
