"""Polly: a text as the camera's own G.711."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worker.aws.errors import cloud_errors
from worker.domain.errors import CloudRefused
from worker.domain.sound import BYTES_PER_SECOND, AudioFormat
from worker.domain.speech_text import SpeechText

if TYPE_CHECKING:
    from mypy_boto3_polly import PollyClient

MAX_BYTES = 60 * BYTES_PER_SECOND
"""A minute; nobody listens longer."""


@dataclass(frozen=True)
class PollyVoice:
    """One engine of Polly's, and the voice of whatever asks for no other."""

    client: "PollyClient"
    voice: str
    engine: str

    def identity(self, what: SpeechText) -> tuple[str, ...]:
        """What shapes the sound besides text and format; a stand-in for Polly speaks with another voice."""
        shape = (what.voice or self.voice, self.engine, str(BYTES_PER_SECOND), self.client.meta.endpoint_url)
        return (*shape, "ssml") if what.ssml else shape

    def synthesize(self, what: SpeechText, audio_format: AudioFormat) -> bytes:
        """Headerless 8 kHz G.711, one byte a sample. Raises CloudError."""
        voice: Any = {"VoiceId": what.voice or self.voice, "Engine": self.engine}
        with cloud_errors("polly:SynthesizeSpeech"):
            answer = self.client.synthesize_speech(
                Text=what.text,
                TextType="ssml" if what.ssml else "text",
                OutputFormat=audio_format,
                SampleRate=str(BYTES_PER_SECOND),
                **voice,
            )
            sound = bytearray()
            # To the end, where a stream that was cut off shows.
            while len(sound) <= MAX_BYTES and (piece := answer["AudioStream"].read(MAX_BYTES)):
                sound += piece
        if not 0 < len(sound) <= MAX_BYTES:
            raise CloudRefused(f"polly:SynthesizeSpeech: a sound of {len(sound)} bytes; 1 to {MAX_BYTES} are played")
        return bytes(sound)
