"""What the demo can speak: a language of the worker's for which there is a voice on this machine."""

from argparse import ArgumentTypeError

from localcloud.voice import Voice
from worker.domain.phrases import Phrases
from worker.settings import SettingsError
from worker.settings.languages import built_in


def phrases_in(tag: str) -> Phrases:
    """The sentences of a language such as `de` or `de-AT`. Raises ArgumentTypeError."""
    try:
        phrases = built_in(tag).phrases
    except SettingsError as error:
        raise ArgumentTypeError(str(error)) from error
    if phrases.language.partition("-")[0] not in Voice.languages:
        spoken = ", ".join(sorted(Voice.languages))
        raise ArgumentTypeError(f"no voice on this machine speaks {phrases.language}; there are voices for {spoken}")
    return phrases
