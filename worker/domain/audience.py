"""An audience from frame to frame: its faces sorted into sections, and what may be told of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from worker.domain.audience_face import AudienceFace
from worker.domain.engagement import attendants
from worker.domain.section import Reading, Rules, Section, observe_section
from worker.domain.sections import Grid


@dataclass(frozen=True)
class Audience:
    """All that a watch has to know to go on; nothing about a single face once a section is calibrated."""

    grid: Grid
    sections: Mapping[str, Section]

    @classmethod
    def unseen(cls, grid: Grid) -> "Audience":
        return cls(grid, {name: Section() for name in grid.names})


@dataclass(frozen=True)
class Frame:
    """What may be told of one frame; `sections` in the grid's order."""

    at: float
    """Epoch seconds."""
    faces: int
    """All that were found, also those that cannot be measured."""
    mood: Mapping[str, int] | None
    """How many faces wear each emotion; None with too few faces altogether."""
    sections: Mapping[str, Reading]


def observe(audience: Audience, faces: tuple[AudienceFace, ...], at: float, rules: Rules) -> tuple[Audience, Frame]:
    """The audience after a frame of `at` (epoch seconds, by a clock that does not go back).

    A frame that was spared its call is observed with the faces of the last one.
    """
    seated = _seated(audience.grid, faces)
    observed = {
        name: observe_section(section, attendants(seated[name], rules.min_confidence), at, rules)
        for name, section in audience.sections.items()
    }
    mood = _mood(faces, rules.min_confidence) if len(faces) >= rules.min_faces else None
    after = Audience(audience.grid, {name: section for name, (section, _) in observed.items()})
    return after, Frame(at, len(faces), mood, {name: reading for name, (_, reading) in observed.items()})


def _seated(grid: Grid, faces: Iterable[AudienceFace]) -> dict[str, list[AudienceFace]]:
    """A face whose place was not told sits nowhere."""
    seated: dict[str, list[AudienceFace]] = {name: [] for name in grid.names}
    for face in faces:
        if face.middle is not None:
            seated[grid.section_at(face.middle)].append(face)
    return seated


def _mood(faces: Iterable[AudienceFace], min_confidence: float) -> dict[str, int]:
    worn = (face.wears(min_confidence) for face in faces)
    return dict(sorted(Counter(emotion for emotion in worn if emotion is not None).items()))
