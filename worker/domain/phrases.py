"""What the camera says about the faces in a photo.

It says "you look happy", never "you are happy": the API rates an expression, not a person's inner state.
"""

import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worker.domain.faces import Face, count_moods

EMOTIONS = ("HAPPY", "SAD", "ANGRY", "CONFUSED", "DISGUSTED", "SURPRISED", "CALM", "FEAR")
MAX_CHARACTERS = 500
"""Of one sentence; Polly would take 3,000, and nobody stands that long before a camera."""

_LOOKS = {emotion: emotion.lower() for emotion in EMOTIONS} | {"FEAR": "afraid"}
_FIXED = ("no_face", "unsure", "sorry")
_FIELDS = {"several": frozenset({"count", "mood"}), "several_unsure": frozenset({"count"})}
_EMOTION_KEYS = tuple(name.lower() for name in EMOTIONS)
_SENTENCES = {*_EMOTION_KEYS, *_FIXED, *_FIELDS, *(f"moods.{name}" for name in _EMOTION_KEYS)}


class PhrasesError(ValueError):
    """The file of one's own sentences cannot be used; each of `mistakes` names the file, its key and what to do."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = list(mistakes)
        super().__init__("\n".join(self.mistakes))


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
        PhrasesError: unreadable, no TOML, unknown keys, or sentences that cannot be said.
    """
    sentences = {key.lower(): value for key, value in _document(path).items()}
    moods = sentences.pop("moods", {})
    if mistakes := list(_mistakes(sentences, moods)):
        raise PhrasesError(f"{path}: {mistake}" for mistake in mistakes)
    emotions = {name: sentences.pop(name.lower()) for name in EMOTIONS if name.lower() in sentences}
    built_in = Phrases()
    return Phrases(
        emotions={**built_in.emotions, **emotions},
        moods={**built_in.moods, **{key.upper(): word for key, word in moods.items()}},
        **sentences,
    )


def _document(path: Path) -> dict[str, Any]:
    try:
        # With or without the mark that Windows puts in front.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise PhrasesError([f"{path}: there is no such file"]) from error
    except OSError as error:
        raise PhrasesError([f"{path}: cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise PhrasesError([f"{path}: is no text in UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        raise PhrasesError([f"{path}: is no TOML: {error}"]) from error


def _mistakes(sentences: Mapping[str, Any], moods: Any) -> Iterator[str]:
    words = moods if isinstance(moods, dict) else {}
    if words is not moods:
        yield "moods must be a table, such as [moods]"
    for key, sentence in (dict(sentences) | {f"moods.{key.lower()}": word for key, word in words.items()}).items():
        if key not in _SENTENCES:
            yield f"unknown key {key!r}; known are {', '.join((*_EMOTION_KEYS, *_FIXED, *_FIELDS, 'moods'))}"
        elif not isinstance(sentence, str) or not sentence.strip() or len(sentence) > MAX_CHARACTERS:
            yield f"{key} must be a text of 1 to {MAX_CHARACTERS} characters"
        elif key in _FIELDS and not _can_be_filled(sentence, _FIELDS[key]):
            fields = " and ".join(f"{{{name}}}" for name in sorted(_FIELDS[key]))
            yield f"{key} may use {fields} only, each as it stands"


def _can_be_filled(sentence: str, allowed: frozenset[str]) -> bool:
    try:
        fields = {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
        if not fields <= allowed:
            return False
        sentence.format(count=2, mood="happy")
    except (ValueError, LookupError):
        return False
    return True
