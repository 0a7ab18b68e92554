"""Amazon Polly's SynthesizeSpeech, answered by voices on this machine (REST JSON).

A voice of Polly is accepted with the engines it has there, and spoken by the local voice of its language.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol

import numpy as np
from moto.polly.resources import VOICE_DATA
from numpy.typing import NDArray
from pydantic import AfterValidator, Field
from werkzeug import Request, Response

from localcloud import g711, ssml
from localcloud.voice import CannotSayError
from localcloud.wire import NotAvailableLocallyError, ServiceError, Shape

# "Quotas in Amazon Polly": so much of a request may be text, and so much of the text may be spoken and billed.
MAX_CHARACTERS = 6000
MAX_BILLED_CHARACTERS = 3000

# moto's copy of DescribeVoices, so that SynthesizeSpeech accepts exactly what DescribeVoices lists.
LANGUAGES = {str(voice["Id"]): str(voice["LanguageCode"]) for voice in VOICE_DATA}
ENGINES = {str(voice["Id"]): frozenset(voice["SupportedEngines"]) for voice in VOICE_DATA}


@dataclass(frozen=True)
class AudioFormat:
    content_type: str
    rates: tuple[int, ...]  # Hz, the default first
    encode: Callable[[NDArray[np.int16]], bytes]


FORMATS = {
    "alaw": AudioFormat("audio/alaw", (8000,), g711.encode_alaw),
    "mulaw": AudioFormat("audio/mulaw", (8000,), g711.encode_mulaw),
    "pcm": AudioFormat("audio/pcm", (16000, 8000), lambda samples: samples.astype("<i2").tobytes()),
}


class Speaker(Protocol):
    @property
    def languages(self) -> Collection[str]:
        """The first parts of the languages it speaks, such as `en`."""

    def say(self, text: str, rate: int, language: str, /) -> NDArray[np.int16]:
        """Mono speech at `rate` Hz in a language such as `en-AU`. Raises CannotSayError."""


def _known_voice(voice_id: str) -> str:
    if voice_id not in ENGINES:
        raise ValueError(f"Member must satisfy enum value set: [{', '.join(sorted(ENGINES))}]")
    return voice_id


class SynthesizeSpeech(Shape):
    output_format: Literal["json", "mp3", "ogg_opus", "ogg_vorbis", "pcm", "mulaw", "alaw"]
    text: Annotated[str, Field(min_length=1)]
    voice_id: Annotated[str, AfterValidator(_known_voice)]
    engine: Literal["standard", "neural", "long-form", "generative"] = "standard"
    sample_rate: str | None = None
    text_type: Literal["text", "ssml"] = "text"
    lexicon_names: tuple[str, ...] = ()


class Polly:
    def __init__(self, voice: Speaker) -> None:
        self._voice = voice

    def handle(self, request: Request) -> Response:
        wanted = SynthesizeSpeech.read(request)
        check_voice(wanted, self._voice.languages)
        audio = audio_format(wanted)
        rate = sample_rate(wanted, audio)
        said = pieces(wanted)
        speech = audio.encode(self._speech(said, rate, LANGUAGES[wanted.voice_id]))
        headers = {"x-amzn-RequestCharacters": str(billed_characters(said))}
        return Response(speech, headers=headers, content_type=audio.content_type)

    def _speech(self, said: Sequence[ssml.Piece], rate: int, language: str) -> NDArray[np.int16]:
        try:
            return np.concatenate([np.zeros(0, np.int16), *(self._sound(piece, rate, language) for piece in said)])
        except CannotSayError as error:
            raise NotAvailableLocallyError(f"Saying this text ({error})") from error

    def _sound(self, piece: ssml.Piece, rate: int, language: str) -> NDArray[np.int16]:
        if isinstance(piece, ssml.Pause):
            return np.zeros(round(piece.seconds * rate), np.int16)
        return self._voice.say(piece, rate, language) if piece.strip() else np.zeros(0, np.int16)


def check_voice(wanted: SynthesizeSpeech, spoken: Collection[str]) -> None:
    if wanted.engine not in ENGINES[wanted.voice_id]:
        raise ServiceError("ValidationException", f"This voice does not support the selected engine: {wanted.engine}")
    language = LANGUAGES[wanted.voice_id]
    if language.partition("-")[0] not in spoken:
        known = ", ".join(sorted(spoken))
        raise NotAvailableLocallyError(f"{wanted.voice_id}'s language {language} (there are voices for {known})")
    if wanted.lexicon_names:
        raise NotAvailableLocallyError("Pronouncing by a lexicon")


def audio_format(wanted: SynthesizeSpeech) -> AudioFormat:
    if wanted.output_format not in FORMATS:
        raise NotAvailableLocallyError(f"Output format {wanted.output_format} (other than {', '.join(FORMATS)})")
    return FORMATS[wanted.output_format]


def sample_rate(wanted: SynthesizeSpeech, audio: AudioFormat) -> int:
    """The rate asked for, in Hz, or the format's default."""
    if wanted.sample_rate is None:
        return audio.rates[0]
    rates = {str(rate): rate for rate in audio.rates}
    if wanted.sample_rate not in rates:
        raise ServiceError(
            "InvalidSampleRateException", f"{wanted.output_format} can have these rates: {', '.join(rates)}"
        )
    return rates[wanted.sample_rate]


def pieces(wanted: SynthesizeSpeech) -> tuple[ssml.Piece, ...]:
    """What is said; its texts are what is billed."""
    if len(wanted.text) > MAX_CHARACTERS:
        raise _too_long(MAX_CHARACTERS)
    said = ssml.read(wanted.text, wanted.engine) if wanted.text_type == "ssml" else (wanted.text,)
    if billed_characters(said) > MAX_BILLED_CHARACTERS:
        raise _too_long(MAX_BILLED_CHARACTERS)
    return said


def billed_characters(said: Sequence[ssml.Piece]) -> int:
    return sum(len(piece) for piece in said if isinstance(piece, str))


def _too_long(limit: int) -> ServiceError:
    return ServiceError("TextLengthExceededException", f"Maximum text length has been exceeded: {limit} characters")
