"""The networks kept in the repository, and what is recorded of them."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from localcloud.vision.analyser import MODELS
from localcloud.vision.detector import decode, distinct
from localcloud.vision.network import Network

from .photos import FOLDER


def test_the_networks_are_those_whose_checksums_are_recorded() -> None:
    lines = (line.split() for line in (MODELS / "SHA256SUMS").read_text().splitlines())
    recorded = {name: digest for digest, name in lines}
    assert {path.name: sha256(path.read_bytes()).hexdigest() for path in MODELS.glob("*.onnx")} == recorded


def test_the_demo_photographs_are_those_whose_sources_are_recorded() -> None:
    rows = [line.split(" | ") for line in (FOLDER / "SOURCES.md").read_text().splitlines() if line.startswith("| `")]
    recorded = {row[0].strip("| `"): row[-1].strip("| `") for row in rows}
    assert {path.name: sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.jpg")} == recorded


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.jpg")), ids=lambda path: path.name)
def test_the_demo_photographs_carry_no_metadata(path: Path) -> None:
    head = path.read_bytes().split(b"\xff\xda")[0]
    assert not any(marker in head for marker in (b"Exif", b"http://ns.adobe.com", b"Photoshop", b"ICC_PROFILE"))


def test_the_detector_takes_any_size_of_whole_cells() -> None:
    cells = Network(MODELS / "face_detector.onnx")(np.zeros((2, 96, 160, 3), np.uint8))
    assert cells.shape == (2, 3, 5, 25)


def test_expressions_are_probabilities() -> None:
    faces = np.random.default_rng(3).integers(0, 256, (4, 64, 64, 1), np.uint8)
    probabilities = Network(MODELS / "face_expression.onnx")(faces)
    assert probabilities.shape == (4, 7)
    assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_a_cell_decodes_to_its_anchor_scaled_to_the_photograph() -> None:
    cells = np.full((2, 3, 25), -9, np.float32)
    cells[1, 2, :5] = (0, 0, 0, 0, 9)
    (face,) = decode(cells, 2, 3)
    assert face.box.centre == pytest.approx((2.5 * 32 * 2, 1.5 * 32 * 3))
    assert (face.box.width, face.box.height) == pytest.approx((1.603231 * 32 * 2, 2.094468 * 32 * 3))
    assert face.score == pytest.approx(0.99988, abs=1e-5)


def test_no_box_is_larger_than_the_photograph() -> None:
    cells = np.full((2, 3, 25), -9, np.float32)
    cells[0, 0, :5] = (0, 0, 80, 80, 9)
    (face,) = decode(cells, 10, 10)
    assert (face.box.width, face.box.height) == (960, 960)


def test_of_two_detections_of_one_face_the_surer_stays() -> None:
    cells = np.full((1, 9, 25), -9, np.float32)
    cells[0, 0, :5] = (0, 0, 0, 0, 2)
    cells[0, 0, 10:15] = (0, 0, -0.5, -0.5, 1)
    cells[0, 8, :5] = (0, 0, 0, 0, 1)
    found = decode(cells, 1, 1)
    assert len(found) == 3
    assert [round(face.box.centre[0]) for face in distinct(found)] == [16, 272]
