"""Which room may import which: the arrows of docs/architecture.md."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {
    "domain": {"domain"},
    "job": {"domain", "job"},
    "camera": {"domain", "disk", "camera"},
    "stream": {"domain", "camera", "stream"},
    "video": {"domain", "stream", "video"},
    "watch": {"domain", "job", "watch"},
    "aws": {"domain", "aws"},
    "disk": {"domain", "disk"},
    "runtime": {"domain", "job", "watch", "camera", "stream", "video", "aws", "disk", "runtime", "settings", "logs"},
    "commands": {
        "domain",
        "job",
        "camera",
        "stream",
        "video",
        "aws",
        "disk",
        "runtime",
        "commands",
        "settings",
        "logs",
    },
}
AT_THE_EDGE = {"boto3", "botocore", "requests", "urllib3", "pydantic"}
DISTRIBUTIONS = {"dotenv": "python-dotenv"}
ROOMS = {"worker", "lambda_trigger", "localcloud", "demo", "benchmarks", "tests", "board"}


def imported(file: Path) -> Iterator[str]:
    """The modules that `file` names in its imports, also those inside functions and for type checkers."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}: a relative import"
            yield node.module or ""


def files(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found
    return found


def names(folder: str) -> set[str]:
    return {name for file in files(folder) for name in imported(file)}


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_of_the_worker_imports_only_what_lies_below_it(room: str) -> None:
    reached = {name.split(".")[1] for name in names(f"worker/{room}") if name.startswith("worker.")}
    assert reached <= ALLOWED[room]


def test_every_room_of_the_worker_has_its_arrows() -> None:
    folders = {path.name for path in (ROOT / "worker").iterdir() if (path / "__init__.py").exists()}
    assert folders - {"settings"} == set(ALLOWED)


def test_the_domain_imports_nothing_outside_the_standard_library() -> None:
    outside = {name.partition(".")[0] for name in names("worker/domain")} - {"worker"}
    assert outside <= sys.stdlib_module_names


def test_the_job_knows_neither_boto3_nor_requests() -> None:
    assert not {name.partition(".")[0] for name in names("worker/job")} & AT_THE_EDGE


@pytest.mark.parametrize("room", ["worker", "lambda_trigger", "board"])
def test_what_is_deployed_apart_knows_nothing_of_the_rest(room: str) -> None:
    assert not {name.partition(".")[0] for name in names(room)} & (ROOMS - {room})


def test_the_screens_decide_with_the_standard_library_alone() -> None:
    reached = names("board/domain")
    assert {name.partition(".")[0] for name in reached} - {"board"} <= sys.stdlib_module_names
    assert {name for name in reached if name.startswith("board.")} <= {
        f"board.domain.{file.stem}" for file in files("board/domain")
    }


def test_what_the_screens_import_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {
        re.split("[^a-z0-9-]", dependency)[0]
        for dependency in [*project["dependencies"], *project["optional-dependencies"]["board"]]
    }
    used = {name.partition(".")[0] for name in names("board")} - {"board"} - sys.stdlib_module_names
    used = {name for name in used if not name.startswith("mypy_boto3_")}
    # It is boto3's own other half.
    assert {DISTRIBUTIONS.get(name, name) for name in used - {"botocore"}} <= declared


@pytest.mark.parametrize(("library", "rooms"), [("boto3", {"aws"}), ("botocore", {"aws"}), ("starlette", {"web"})])
def test_the_screens_use_in_one_room(library: str, rooms: set[str]) -> None:
    users = {
        file.relative_to(ROOT / "board").parts[0]
        for file in files("board")
        if library in {name.partition(".")[0] for name in imported(file)}
    }
    assert users == rooms


@pytest.mark.parametrize("room", sorted(set(ALLOWED) - {"video"}))
def test_pyav_is_used_in_one_room(room: str) -> None:
    assert "av" not in {name.partition(".")[0] for name in names(f"worker/{room}")}


def test_a_worker_and_its_check_start_without_pyav() -> None:
    """It takes 24 MB, and may not be installed."""
    modules = "worker.runtime.daemon, worker.commands.check.run, worker.commands.results, worker.commands.forget"
    assert "av" not in {name.partition(".")[0] for name in loaded_with(modules)}


def test_a_worker_starts_without_what_reads_streams_and_what_watches() -> None:
    """They take a megabyte, and most workers do neither."""
    unasked = {"worker.stream", "worker.video", "worker.watch", "worker.domain.section", "statistics"}
    assert not loaded_with("worker.runtime.daemon") & unasked


def loaded_with(modules: str) -> set[str]:
    """What a fresh interpreter has loaded when these are imported."""
    code = f"import sys, {modules}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())
