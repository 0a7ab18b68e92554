"""Answers of Rekognition as they come, for property tests."""

from itertools import cycle, islice
from typing import Any

from hypothesis import strategies as st

NAMES = ("HAPPY", "SAD", "ANGRY", "CONFUSED", "DISGUSTED", "SURPRISED", "CALM", "FEAR", "UNKNOWN", "SMUG")

_percent = st.floats(0, 100)
_emotion = st.fixed_dictionaries({"Type": st.sampled_from(NAMES), "Confidence": _percent})
# Faces at the edge of a photo reach beyond it.
_box = st.fixed_dictionaries({name: st.floats(-0.5, 1.5) for name in ("Left", "Top", "Width", "Height")})

face_details: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"BoundingBox": _box, "Confidence": _percent},
    optional={
        "Emotions": st.lists(_emotion, max_size=9, unique_by=lambda emotion: str(emotion["Type"])),
        "Smile": st.fixed_dictionaries({"Value": st.booleans(), "Confidence": _percent}),
        "AgeRange": st.fixed_dictionaries({"Low": st.integers(0, 99), "High": st.integers(0, 99)}),
    },
)


def _crowd(faces: list[dict[str, Any]], size: int) -> list[dict[str, Any]]:
    return list(islice(cycle(faces), size))


# Rekognition finds up to 100 faces.
answers = st.lists(face_details, max_size=8) | st.builds(
    _crowd, st.lists(face_details, min_size=1, max_size=8), st.integers(9, 100)
)


def detail(width: float = 0.2, left: float = 0.1, **emotions: float) -> dict[str, Any]:
    """One face, as wide as high, at the top of the photo."""
    return {
        "BoundingBox": {"Left": left, "Top": 0.0, "Width": width, "Height": width},
        "Confidence": 99.9,
        "Emotions": [{"Type": name, "Confidence": confidence} for name, confidence in emotions.items()],
    }
