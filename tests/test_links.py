"""The pages lead somewhere, and name what there is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[1]
NOT_OURS = {".venv", ".git", ".ci", "node_modules", "demo-output", "__pycache__"}
WRITTEN = {".md", ".py", ".sh", ".yml", ".yaml", ".toml", ".lock", ".json", ".mjs", ".example", ""}


def files() -> Iterator[Path]:
    for top in sorted(ROOT.iterdir()):
        if top.name not in NOT_OURS and not top.name.endswith("_cache"):
            inside = [top] if top.is_file() else top.rglob("*")
            yield from (path for path in inside if path.is_file() and not NOT_OURS & set(path.parts))


PAGES = {str(path.relative_to(ROOT)): path for path in files() if path.suffix == ".md"}
TOLD = sorted(name for name in PAGES if name.startswith("docs/") or "/" not in name)


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return re.sub(r"^( *)```.*?^\1```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[str]:
    found = re.findall(r"\]\(([^()\s]+)\)", prose(page))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def anchors(page: Path) -> set[str]:
    """Of the page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    page = PAGES[name]
    for link in links(page):
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_linked_from_the_readme() -> None:
    linked = {(ROOT / link.partition("#")[0]).resolve() for link in links(ROOT / "README.md")}
    assert {PAGES[name] for name in TOLD if name != "README.md"} <= linked


@pytest.mark.parametrize("name", TOLD)
def test_every_file_that_a_page_names_is_there(name: str) -> None:
    rooms = "|".join(path.name for path in ROOT.iterdir() if path.is_dir() and path.name not in {"docs", *NOT_OURS})
    named = re.findall(rf"`((?:{rooms})/[\w./-]+)`", prose(PAGES[name]))
    missing = [path for path in named if not ((ROOT / path).exists() or (ROOT / f"{path}.py").exists())]
    assert missing == []


def test_no_file_needs_what_lies_outside_the_repository() -> None:
    outside = re.compile(r"(\.\./|/work/)shared\b")
    texts = [path for path in files() if path.suffix in WRITTEN]
    assert [str(path) for path in texts if outside.search(path.read_text(encoding="utf-8", errors="replace"))] == []


def worker_code() -> Iterator[ast.AST]:
    return code_of("worker")


def code_of(room: str) -> Iterator[ast.AST]:
    for file in (ROOT / room).rglob("*.py"):
        yield from ast.walk(ast.parse(file.read_text(encoding="utf-8")))


def actions(node: ast.AST) -> Iterator[str]:
    """Of a call that logs; argparse's own `action` is none."""
    if isinstance(node, ast.Call) and not ast.unparse(node.func).endswith(".add_argument"):
        yield from (ast.literal_eval(keyword.value) for keyword in node.keywords if keyword.arg == "action")


def test_the_actions_of_the_log_are_those_that_are_explained() -> None:
    _, table = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8").split("| `action` |")
    rows = re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)
    explained = {action for row in rows for action in re.findall(r"`(\w+)`", row)}
    assert explained == {action for node in [*worker_code(), *code_of("board")] for action in actions(node)}


def test_the_symptoms_are_the_codes_own_words() -> None:
    code = [*worker_code(), *code_of("board")]
    texts = [node.value for node in code if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    pages = [*(ROOT / "board" / "templates").glob("*.html"), *(ROOT / "board" / "static").glob("*.js")]
    words = " ".join([*texts, *(page.read_text(encoding="utf-8") for page in pages)])
    rows = re.findall(r"^\| (.+?) \|", (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8"), re.MULTILINE)
    symptoms = {
        told for row in rows if "Polly's words" not in row for told in re.findall(r"`([^`]+)`", row) if " " in told
    }
    assert symptoms
    assert {told for told in symptoms if told not in words and not told.startswith("docker ")} == set()
