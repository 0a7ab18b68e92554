"""What the camera says about the faces in a photo.

It says "you look happy", never "you are happy": the API rates an expression, not a person's inner state.
"""

import string
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worker.domain.faces import Face, count_moods

EMOTIONS = ("HAPPY", "SAD", "ANGRY", "CONFUSED", "DISGUSTED", "SURPRISED", "CALM", "FEAR")
MAX_CHARACTERS = 500
"""Of one sentence; Polly would take 3,000, and nobody stands that long before a camera."""

_LOOKS = {emotion: emotion.lower() for emotion in EMOTIONS} | {"FEAR": "afraid"}
_FIXED = ("no_face", "unsure", "sorry")
_SEVERAL = ("several", "several_unsure")


class PhrasesError(ValueError):
    """The file of one's own sentences cannot be used; the text names the file's key and what to do."""


@dataclass(frozen=True)
class Phrases:
    """`several` may use {count} and {mood}, `several_unsure` {count}; the others are said as they stand."""

    emotions: Mapping[str, str] = field(
        default_factory=lambda: {name: f"You look {_LOOKS[name]}." for name in EMOTIONS}
    )
    moods: Mapping[str, str] = field(default_factory=lambda: _LOOKS)
    no_face: str = "I could not see a face."
    unsure: str = "I am not sure how you look."
    sorry: str = "Sorry, I could not look."
    several: str = "I see {count} people. The most common look is {mood}."
    several_unsure: str = "I see {count} people. I am not sure how they look."

    def sentence(self, faces: Sequence[Face], min_confidence: float) -> str:
        """One face: its top emotion. Several: how many, and the commonest mood. Below `min_confidence`: not sure."""
        if not faces:
            return self.no_face
        if len(faces) == 1:
            return self.emotions.get(faces[0].wears(min_confidence) or "", self.unsure)
        mood = next((mood for mood in count_moods(faces, min_confidence) if mood in self.moods), None)
        if mood is None:
            return self.several_unsure.format(count=len(faces))
        return self.several.format(count=len(faces), mood=self.moods[mood])

    def fixed(self) -> Iterator[str]:
        """The sentences that can be spoken to Polly before anybody presses."""
        yield from dict.fromkeys((*self.emotions.values(), self.no_face, self.unsure, self.sorry))


def load_phrases(path: Path) -> Phrases:
    """One's own sentences from a TOML file; what it leaves out stays in English.

    Keys: an emotion's name, `no_face`, `unsure`, `sorry`, `several`, `several_unsure`, and a table `moods` with the
    word for each emotion in `several`. Letter case does not matter.

    Raises:
        PhrasesError: unreadable, no TOML, an unknown key, or a sentence that cannot be said.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PhrasesError(f"{path}: {error}") from error
    given = {key.lower(): value for key, value in document.items()}
    moods = given.pop("moods", {})
    if not isinstance(moods, dict):
        raise PhrasesError(f"{path}: moods must be a table, such as [moods]")
    by_emotion = {name: given.pop(name.lower()) for name in EMOTIONS if name.lower() in given}
    _check_known(path, [key for key in given if key not in _FIXED + _SEVERAL])
    _check_known(path, [f"moods.{key}" for key in moods if key.upper() not in EMOTIONS])
    _check_sentences(path, given | by_emotion | moods)
    built_in = Phrases()
    return Phrases(
        emotions={**built_in.emotions, **by_emotion},
        moods={**built_in.moods, **{key.upper(): word for key, word in moods.items()}},
        **given,
    )


def _check_known(path: Path, unknown: Sequence[str]) -> None:
    if unknown:
        known = ", ".join((*(name.lower() for name in EMOTIONS), *_FIXED, *_SEVERAL, "moods"))
        raise PhrasesError(f"{path}: unknown key {unknown[0]!r}; known are {known}")


def _check_sentences(path: Path, sentences: Mapping[str, Any]) -> None:
    for key, sentence in sentences.items():
        if not isinstance(sentence, str) or not sentence.strip() or len(sentence) > MAX_CHARACTERS:
            raise PhrasesError(f"{path}: {key} must be a text of 1 to {MAX_CHARACTERS} characters")
        _check_fields(path, key, sentence)


def _check_fields(path: Path, key: str, sentence: str) -> None:
    allowed = {"several": {"count", "mood"}, "several_unsure": {"count"}}.get(key)
    if allowed is None:
        return
    try:
        fields = {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
        if fields <= allowed:
            sentence.format(count=2, mood="happy")
    except (ValueError, LookupError) as error:
        raise PhrasesError(f"{path}: {key}: {error}") from error
    if fields - allowed:
        raise PhrasesError(f"{path}: {key} may use {', '.join(f'{{{name}}}' for name in sorted(allowed))} only")
