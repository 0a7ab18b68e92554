"""Audiences for tests: faces by what is told of them, and watches by who sits in them."""

from collections.abc import Iterable, Mapping, Sequence

from hypothesis import strategies as st

from worker.domain.audience import Audience, Frame, observe
from worker.domain.audience_face import AudienceFace, Judgement, Pose
from worker.domain.record import Attributes
from worker.domain.section import Rules
from worker.domain.sections import Grid

RULES = Rules()
ONE = Grid(1, 1, ("room",))
START = 1_800_000_000.0
"""Epoch seconds; a bucket begins there."""

_judgements = st.none() | st.builds(Judgement, st.booleans(), st.floats(0, 100))
faces: st.SearchStrategy[AudienceFace] = st.builds(
    AudienceFace,
    middle=st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1)),
    pose=st.none() | st.builds(Pose, st.floats(-180, 180), st.floats(-90, 90)),
    eyes_open=_judgements,
    smile=_judgements,
    occluded=_judgements,
    emotions=st.dictionaries(st.sampled_from(["HAPPY", "CALM", "SAD"]), st.floats(0, 100)),
)


def face(yaw: float = 0.0, pitch: float = 0.0, middle: tuple[float, float] = (0.5, 0.5)) -> AudienceFace:
    return AudienceFace(middle=middle, pose=Pose(yaw, pitch))


def crowd(count: int, away: int = 0, middle: tuple[float, float] = (0.5, 0.5)) -> tuple[AudienceFace, ...]:
    """`away` of them look far to the side."""
    return tuple(face(60.0 if index < away else 0.0, middle=middle) for index in range(count))


def watched(
    frames: Iterable[tuple[float, tuple[AudienceFace, ...]]], audience: Audience | None = None, rules: Rules = RULES
) -> tuple[Audience, list[Frame]]:
    """What is told of frames: (seconds after START, faces)."""
    audience = audience or Audience.unseen(ONE)
    told: list[Frame] = []
    for seconds, seen in frames:
        audience, frame = observe(audience, seen, START + seconds, rules)
        told.append(frame)
    return audience, told


def every(
    seconds: float, count: int, seen: tuple[AudienceFace, ...], start: float = 0.0
) -> list[tuple[float, tuple[AudienceFace, ...]]]:
    """`count` frames of the same faces."""
    return [(start + index * seconds, seen) for index in range(count)]


def item(begin: str, sections: Mapping[str, Attributes], frames: int = 2, faces: float = 20.0) -> Attributes:
    """A bucket's, as it is read from the table."""
    return {
        "camera": "audience/lobby",
        "capture_id": f"{begin}.000Z",
        "watch": "2026-11-22T18:44:00.123Z#6f1c",
        "frames": frames,
        "faces": faces,
        "sections": dict(sections),
        "expires_at": 1_797_962_640,
    }


def levels(frames: Sequence[Frame], name: str = "room") -> list[str]:
    return [frame.sections[name].level.value for frame in frames]
