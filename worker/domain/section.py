"""One section of an audience from frame to frame: its baseline, who is expected in it, its score and level."""

from dataclasses import dataclass, replace
from statistics import median

from worker.domain.audience_face import Pose
from worker.domain.engagement import EXPECTED_SECONDS, Attendant, expected_faces, score, turnout
from worker.domain.level import JITTER_SECONDS, STALE_SECONDS, Level, Shown, show, smooth


@dataclass(frozen=True)
class Rules:
    """What the settings decide."""

    min_faces: int = 5
    """Fewer faces than these get no level and no figures: those would speak about single people."""
    calibrate_seconds: float = 60.0
    """With enough faces, until a section's baseline is known."""
    min_confidence: float = 50.0
    """0..100: from which on an emotion is asserted."""


@dataclass(frozen=True)
class Calibration:
    """Poses so far, towards a baseline."""

    poses: tuple[Pose, ...] = ()
    seconds: float = 0.0

    def baseline(self) -> Pose:
        """Medians: where most people look is where the stage is. Raises StatisticsError without any pose."""
        return Pose(median(pose.yaw for pose in self.poses), median(pose.pitch for pose in self.poses))


@dataclass(frozen=True)
class Count:
    """How many faces were found at a time, in epoch seconds."""

    at: float
    faces: int


@dataclass(frozen=True)
class Smoothed:
    """A smoothed score (0..100), when it was so, and the level it is shown in."""

    value: float
    at: float
    shown: Shown


@dataclass(frozen=True)
class Section:
    """What is known of a section after a frame. With a baseline, calibration is over."""

    counts: tuple[Count, ...] = ()
    """Of the last EXPECTED_SECONDS."""
    baseline: Pose | None = None
    calibration: Calibration = Calibration()
    smoothed: Smoothed | None = None


@dataclass(frozen=True)
class Figures:
    """Of a section with enough faces in one frame; the last three are unknown while it is calibrating."""

    faces: int
    expected: float
    smiling: int
    facing: float | None = None
    """Sum over the faces; one that is half turned away counts half."""
    score: float | None = None
    smoothed: float | None = None


@dataclass(frozen=True)
class Reading:
    """What may be told of a section in one frame; no figures of too few faces."""

    level: Level
    figures: Figures | None = None


def observe_section(
    section: Section, present: tuple[Attendant, ...], at: float, rules: Rules
) -> tuple[Section, Reading]:
    """The section after a frame of `at` (epoch seconds, by a clock that does not go back) with these faces in it."""
    passed = at - section.counts[-1].at if section.counts else 0.0
    recent = [count for count in section.counts if at - count.at <= EXPECTED_SECONDS]
    section = replace(section, counts=(*recent, Count(at, len(present))))
    if len(present) < rules.min_faces:
        return section, Reading(Level.TOO_FEW)
    section = _calibrated(section, present, passed, rules)
    figures = Figures(
        faces=len(present),
        expected=expected_faces([count.faces for count in section.counts]),
        smiling=sum(one.smiles for one in present),
    )
    if section.baseline is None:
        return section, Reading(Level.CALIBRATING, figures)
    seen = turnout(present, section.baseline)
    scored = score(seen.attentive, figures.faces, figures.expected)
    smoothed = _smoothed(section.smoothed, scored, at)
    figures = replace(figures, facing=seen.facing, score=scored, smoothed=smoothed.value)
    return replace(section, smoothed=smoothed), Reading(smoothed.shown.level, figures)


def _calibrated(section: Section, present: tuple[Attendant, ...], passed: float, rules: Rules) -> Section:
    """A frame stands for the time since the one before it, but for no longer than a sample says anything."""
    if section.baseline is not None:
        return section
    poses = (*section.calibration.poses, *(one.pose for one in present))
    seconds = section.calibration.seconds + min(max(0.0, passed), STALE_SECONDS)
    calibration = Calibration(poses, seconds)
    if seconds < rules.calibrate_seconds - JITTER_SECONDS:
        return replace(section, calibration=calibration)
    return replace(section, baseline=calibration.baseline(), calibration=Calibration())


def _smoothed(before: Smoothed | None, scored: float, at: float) -> Smoothed:
    if before is None:
        return Smoothed(scored, at, show(None, scored, at, silent=0.0))
    silent = at - before.at
    value = smooth(before.value, scored, silent)
    return Smoothed(value, at, show(before.shown, value, at, silent))
