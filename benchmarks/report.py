"""The table: for the terminal, and as `results.md` with the circumstances it was measured in."""

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tabulate import tabulate

from benchmarks.figures import Chapter, Figure

HEADERS = ("", "median", "smallest to largest", "n", "goal", "met")
_LIBRARIES = ("boto3", "botocore", "requests", "urllib3", "structlog", "pydantic", "moto", "onnxruntime")


def table(chapter: Chapter, style: str) -> str:
    return tabulate([_row(figure) for figure in chapter.figures], HEADERS, tablefmt=style, disable_numparse=True)


def as_markdown(chapters: Sequence[Chapter], load_before: float) -> str:
    parts = [f"## {chapter.title}\n\n{table(chapter, 'github')}" for chapter in chapters]
    return "\n\n".join([_circumstances(load_before), *parts]) + "\n"


def _row(figure: Figure) -> tuple[str, ...]:
    met = {None: "", True: "yes", False: "**no**"}[figure.met]
    return figure.name, figure.shown, figure.shown_spread, str(len(figure.values)), figure.goal, met


def _circumstances(load_before: float) -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return (
        "# Results of `make bench`\n\n"
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {_commit()}, {os.cpu_count()} cores ({_processor()}), "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, {libraries}. "
        f"Load average when it began: {load_before:.2f}"
        f"{' (**the machine was not quiet: do not trust the figures**)' if load_before > 1 else ''}.\n\n"
        "![Press to first sound](results.svg)"
    )


def _commit() -> str:
    def git(*arguments: str) -> str:
        command = ["git", *arguments]
        folder = Path(__file__).parent
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - our own arguments

    changed = " with changes" if git("status", "--porcelain", "--", "../worker", "../benchmarks/*.py") else ""
    return f"{git('rev-parse', '--short', 'HEAD') or 'unknown'}{changed}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if sys.platform == "linux" else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
