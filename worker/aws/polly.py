"""Polly: a sentence as the camera's own G.711."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worker.aws.errors import cloud_errors
from worker.domain.errors import CloudRefused
from worker.domain.sound import BYTES_PER_SECOND, AudioFormat

if TYPE_CHECKING:
    from mypy_boto3_polly import PollyClient

MAX_BYTES = 60 * BYTES_PER_SECOND
"""A minute; nobody listens longer."""


@dataclass(frozen=True)
class PollyVoice:
    """One voice of Polly's."""

    client: "PollyClient"
    voice: str
    engine: str

    @property
    def identity(self) -> tuple[str, ...]:
        """What shapes the sound besides sentence and format; a stand-in for Polly speaks with another voice."""
        return (self.voice, self.engine, str(BYTES_PER_SECOND), self.client.meta.endpoint_url)

    def synthesize(self, sentence: str, audio_format: AudioFormat) -> bytes:
        """Headerless 8 kHz G.711, one byte a sample. Raises CloudError."""
        voice: Any = {"VoiceId": self.voice, "Engine": self.engine}
        with cloud_errors("polly:SynthesizeSpeech"):
            answer = self.client.synthesize_speech(
                Text=sentence, TextType="text", OutputFormat=audio_format, SampleRate=str(BYTES_PER_SECOND), **voice
            )
            sound = bytearray()
            # To the end, where a stream that was cut off shows.
            while len(sound) <= MAX_BYTES and (piece := answer["AudioStream"].read(MAX_BYTES)):
                sound += piece
        if not 0 < len(sound) <= MAX_BYTES:
            raise CloudRefused(f"polly:SynthesizeSpeech: a sound of {len(sound)} bytes; 1 to {MAX_BYTES} are played")
        return bytes(sound)
