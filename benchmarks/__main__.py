"""`python -m benchmarks`: measures, shows, and writes `results.md` and `results.svg` once everything was measured."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from benchmarks.board import board
from benchmarks.burst import bursts
from benchmarks.doubt import doubts
from benchmarks.figures import Chapter
from benchmarks.local import local_cloud
from benchmarks.plot import bars
from benchmarks.presses import latency
from benchmarks.report import as_markdown, table
from benchmarks.rest import rest
from benchmarks.stopping import stops
from benchmarks.video import video
from benchmarks.watch import watch

MEASURES: dict[str, Callable[[int], list[Chapter]]] = {
    "presses": latency,
    "burst": bursts,
    "rest": rest,
    "stop": stops,
    "local": local_cloud,
    "video": video,
    "watch": watch,
    "board": board,
    "doubt": doubts,
}
FOLDER = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=f"of {', '.join(MEASURES)} (default: all)")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    if unknown := set(options.measures) - set(MEASURES):
        parser.error(f"unknown: {', '.join(unknown)}")
    load_before = os.getloadavg()[0]
    chapters = [chapter for name in options.measures or MEASURES for chapter in _shown(MEASURES[name](options.repeats))]
    if not options.measures:
        chapters.sort(key=lambda chapter: chapter.title)
        (FOLDER / "results.md").write_text(as_markdown(chapters, load_before), encoding="utf-8")
        (FOLDER / "results.svg").write_text(bars(chapters[0]), encoding="utf-8")


def _shown(chapters: list[Chapter]) -> list[Chapter]:
    for chapter in chapters:
        print(f"\n{chapter.title}\n{table(chapter, 'simple')}", flush=True)
    return chapters


if __name__ == "__main__":
    main()
