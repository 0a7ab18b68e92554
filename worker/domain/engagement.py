"""How much of a section faces the stage: of what can be seen, nothing about what anybody feels or thinks.

Head pose, and expression as a small addition, are what studies of classrooms found to go with attention as people rate
it (Sümer 2021, Raca 2015, Zaletelj 2017, Goldberg 2019), moderately; a negative expression tells nothing (Barrett 2019)
and is not counted. The constants are this project's own choice on that ground, but where they say otherwise.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worker.domain.audience_face import AudienceFace, Pose

FACING_YAW = (20.0, 40.0)
"""Degrees to either side of the baseline: wholly facing up to the first, not at all from the second on."""

FACING_DOWN = (15.0, 30.0)
"""Degrees below the baseline, as to a telephone or a neighbour's notes; looking up never counts against anybody."""

EYES_CONFIDENCE = 90.0
"""From which on closed eyes are believed: glasses and blinks make less sure answers."""

SMILE_CONFIDENCE = 80.0
"""From which on a smile is believed."""

OCCLUDED_CONFIDENCE = 90.0
"""From which on a face is taken to be covered, so that its pose says nothing."""

SMILE_SHARE = 0.2
"""Of a face's weight; a section that listens without a smile reaches 80."""

EXPECTED_QUANTILE = 0.9
"""Of the face counts of EXPECTED_SECONDS: how many people are there, whoever was not found for the moment."""

EXPECTED_SECONDS = 600.0
"""For how long those who turn right away are still expected; people who have left are not, after it."""


@dataclass(frozen=True)
class Attendant:
    """A face that can be measured."""

    pose: Pose
    awake: bool
    smiles: bool


@dataclass(frozen=True)
class Turnout:
    """Of one section in one frame: sums over its faces."""

    facing: float
    attentive: float
    """By the formula: facing, awake, and a little more for a smile."""


def attendants(faces: Iterable[AudienceFace], min_confidence: float) -> tuple[Attendant, ...]:
    """Those of `faces` that count; HAPPY of `min_confidence` (0..100) is a smile where nothing is told of any."""
    return tuple(
        Attendant(face.pose, awake=not _asleep(face), smiles=_smiles(face, min_confidence))
        for face in faces
        if face.pose is not None and not (face.occluded and face.occluded.yes(OCCLUDED_CONFIDENCE))
    )


def facing(pose: Pose, baseline: Pose) -> float:
    """0..1: how far a face is turned to where its section looks."""
    down = max(0.0, baseline.pitch - pose.pitch)
    return _ramp(_degrees_between(pose.yaw, baseline.yaw), *FACING_YAW) * _ramp(down, *FACING_DOWN)


def turnout(present: Iterable[Attendant], baseline: Pose) -> Turnout:
    turned = [(facing(one.pose, baseline), one) for one in present]
    # Sums that do not depend on the order of what is summed.
    return Turnout(math.fsum(f for f, _ in turned), math.fsum(f * _weight(one) for f, one in turned))


def score(attentive: float, faces: int, expected: float) -> float:
    """0..100; `faces` is how many were found, `expected` how many should have been."""
    most = max(faces, expected)
    return 100.0 * attentive / most if most > 0 else 0.0


def expected_faces(counts: Sequence[int]) -> float:
    """EXPECTED_QUANTILE of `counts`, between two of them in proportion; 0 without any."""
    if not counts:
        return 0.0
    rising = sorted(counts)
    rank = EXPECTED_QUANTILE * (len(rising) - 1)
    below = int(rank)
    above = min(below + 1, len(rising) - 1)
    return rising[below] + (rank - below) * (rising[above] - rising[below])


def _weight(one: Attendant) -> float:
    return one.awake * (1 - SMILE_SHARE + SMILE_SHARE * one.smiles)


def _asleep(face: AudienceFace) -> bool:
    return face.eyes_open is not None and face.eyes_open.no(EYES_CONFIDENCE)


def _smiles(face: AudienceFace, min_confidence: float) -> bool:
    if face.smile is None:
        return face.emotions.get("HAPPY", -1.0) >= min_confidence
    return face.smile.yes(SMILE_CONFIDENCE)


def _ramp(degrees: float, whole: float, none: float) -> float:
    """1 up to `whole`, 0 from `none` on, and in proportion between them."""
    return min(1.0, max(0.0, (none - degrees) / (none - whole)))


def _degrees_between(one: float, other: float) -> float:
    """The shorter way round."""
    apart = abs(one - other) % 360.0
    return min(apart, 360.0 - apart)
