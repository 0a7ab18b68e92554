"""What somebody wants said."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SpeechText:
    """`voice` is a Polly voice other than POLLY_VOICE; with `ssml` the text is SSML."""

    text: str
    voice: str | None = None
    ssml: bool = False
