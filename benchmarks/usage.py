"""What a process under measurement uses, and how long it takes to end."""

import os
import time
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

from demo.program import Program

ROOT = Path(__file__).parents[1]


def program(module: str, *arguments: str, environment: Mapping[str, str], folder: Path) -> Program:
    """One whose environment has nothing of this process's own but the way to the interpreter's programs."""
    own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    return Program(module, *arguments, environment=own | dict(environment), folder=folder)


def cpu_seconds(program: Program) -> float:
    """User and system time of all its threads so far, also those that have ended (clock_getcpuclockid(3))."""
    return time.clock_gettime((~program.pid << 3) | 2)


def memory_mb(program: Program) -> tuple[float, float]:
    """RSS and PSS in MB (10^6 bytes)."""
    lines = Path(f"/proc/{program.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}
    return kilobytes["Rss"] * 1024 / 1e6, kilobytes["Pss"] * 1024 / 1e6


def seconds_to_stop(program: Program) -> float:
    """Send SIGTERM; the seconds until it has ended."""
    asked = time.monotonic()
    program.stop()
    return time.monotonic() - asked


def counts(program: Program, since: int, but: Collection[str]) -> Counter[str]:
    """How often it has said each event since a `mark`, `but` these."""
    return Counter(entry["event"] for entry in program.entries[since:] if entry["event"] not in but)
