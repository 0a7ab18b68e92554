"""What a voice is asked to say in one piece."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SpeechText:
    """`voice` is a Polly voice's id, None for the one of the settings; with `ssml` the text is a `<speak>` document."""

    text: str
    voice: str | None = None
    ssml: bool = False
