"""Amazon Polly's SynthesizeSpeech, answered by a voice on this machine (REST JSON).

Every English voice of Polly is accepted, with the engines it has there, and spoken by the one local voice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol
from xml.etree import ElementTree as ET

import numpy as np
from moto.polly.resources import VOICE_DATA
from numpy.typing import NDArray
from pydantic import AfterValidator, Field
from werkzeug import Request, Response

from localcloud import g711
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
    def say(self, text: str, rate: int) -> NDArray[np.int16]:
        """Mono speech at `rate` Hz."""


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
        check_voice(wanted)
        audio = audio_format(wanted)
        rate = sample_rate(wanted, audio)
        text = spoken_text(wanted)
        speech = audio.encode(self._voice.say(text, rate))
        headers = {"x-amzn-RequestCharacters": str(len(text))}
        return Response(speech, headers=headers, content_type=audio.content_type)


def check_voice(wanted: SynthesizeSpeech) -> None:
    if wanted.engine not in ENGINES[wanted.voice_id]:
        raise ServiceError("ValidationException", f"This voice does not support the selected engine: {wanted.engine}")
    if not LANGUAGES[wanted.voice_id].startswith("en-"):
        raise NotAvailableLocallyError(f"{wanted.voice_id}, who speaks {LANGUAGES[wanted.voice_id]},")
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


def spoken_text(wanted: SynthesizeSpeech) -> str:
    """What is said and billed: of SSML the text alone, since the local voice knows neither pauses nor emphasis."""
    if len(wanted.text) > MAX_CHARACTERS:
        raise _too_long(MAX_CHARACTERS)
    text = _without_tags(wanted.text) if wanted.text_type == "ssml" else wanted.text
    if len(text) > MAX_BILLED_CHARACTERS:
        raise _too_long(MAX_BILLED_CHARACTERS)
    return text


def _too_long(limit: int) -> ServiceError:
    return ServiceError("TextLengthExceededException", f"Maximum text length has been exceeded: {limit} characters")


def _without_tags(ssml: str) -> str:
    try:
        root = ET.fromstring(ssml)  # noqa: S314 - at most 6000 characters, and expat bounds what entities grow to
    except ET.ParseError as error:
        raise ServiceError("InvalidSsmlException", f"Invalid SSML request: {error}") from error
    if root.tag.rpartition("}")[2] != "speak":
        raise ServiceError("InvalidSsmlException", "Invalid SSML request: the root element must be <speak>")
    return "".join(root.itertext())
