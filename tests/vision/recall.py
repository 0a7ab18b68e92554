"""`python -m tests.vision.recall`: which faces the analyser finds by their size, and in what time, as a table."""

import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from localcloud.vision import Attribute, FaceAnalyser

from .halls import BACKDROPS, found_and_false, hall
from .photos import FOLDER, boxes, photo, pixels

HALLS = [(30, 60), (36, 40), (45, 30), (60, 30), (90, 12), (140, 8), (200, 3), (300, 2), (400, 2)]
"""Pixels of a face, and how many there are in a hall of 1920x1080."""
SEEDS = 5


@dataclass(frozen=True)
class Row:
    title: str
    found: int
    pasted: int
    false: int
    milliseconds: float
    """Median, with the default attributes only."""
    with_emotions: float


def rows(faces: FaceAnalyser) -> Iterator[Row]:
    for width, count in HALLS:
        for backdrop in BACKDROPS:
            halls = [hall(width, count, backdrop, seed) for seed in range(SEEDS)]
            images = [pixels(one.image) for one in halls]
            answers = [
                boxes(faces.detect_faces(image, frozenset()), one.image)
                for image, one in zip(images, halls, strict=True)
            ]
            scores = [found_and_false(found, one.faces) for found, one in zip(answers, halls, strict=True)]
            yield Row(
                f"{count} of {width} px, {backdrop}",
                sum(found for found, _ in scores),
                count * SEEDS,
                sum(false for _, false in scores),
                _milliseconds(faces, images, "DEFAULT"),
                _milliseconds(faces, images, "ALL"),
            )


def _milliseconds(
    faces: FaceAnalyser, images: Sequence[NDArray[np.uint8]], attribute: Attribute, repeats: int = 3
) -> float:
    """The median for an image."""
    taken = []
    for _ in range(repeats):
        for image in images:
            began = perf_counter()
            faces.detect_faces(image, frozenset({attribute}))
            taken.append(1000 * (perf_counter() - began))
    return statistics.median(taken)


def main() -> None:
    faces = FaceAnalyser()
    write = sys.stdout.write
    write("| faces in 1920x1080 | found | false | ms | ms with emotions |\n|---|---|---|---|---|\n")
    for row in rows(faces):
        share = f"{row.found} of {row.pasted} ({100 * row.found / row.pasted:.0f} %)"
        write(f"| {row.title} | {share} | {row.false} | {row.milliseconds:.0f} | {row.with_emotions:.0f} |\n")
    for path in sorted(FOLDER.glob("*.jpg")):
        image = pixels(photo(path.name))
        taken = _milliseconds(faces, [image], "ALL", repeats=15)
        write(f"{path.name}: {taken:.1f} ms\n")


if __name__ == "__main__":
    main()
