"""Rekognition and Polly: each is asked once for what a press would ask it for, and the line says what that costs."""

from collections.abc import Callable, Iterable

from worker.aws.analysis import Analyst
from worker.aws.polly import PollyVoice
from worker.commands.check import verdicts
from worker.commands.check.line import Line, ok
from worker.commands.check.picture import PICTURE
from worker.domain.errors import CloudError
from worker.domain.sound import AudioFormat
from worker.domain.speech_text import SpeechText

SENTENCE = "This is a check."


def analysis_lines(analyst: Analyst, analyses: Iterable[str]) -> Iterable[Line]:
    """One call for each analysis that is switched on."""
    calls: dict[str, Callable[[bytes], object]] = {
        "faces": analyst.faces,
        "labels": analyst.labels,
        "text": analyst.text,
    }
    for analysis in sorted(analyses):
        name = f"Rekognition {analysis}"
        try:
            calls[analysis](PICTURE)
        except CloudError as error:
            yield verdicts.cloud_trouble(name, error, "not every region has Rekognition: see AWS_REGION")
        else:
            yield ok(name, "answers (cost: one call, about $0.001)")


def voice(speech: PollyVoice, audio_format: AudioFormat) -> tuple[Line, bytes | None]:
    """The sentence that `check --speak` says, as sound."""
    name = f"Polly {audio_format}"
    try:
        sound = speech.synthesize(SpeechText(SENTENCE), audio_format)
    except CloudError as error:
        return verdicts.cloud_trouble(name, error, "see POLLY_VOICE and POLLY_ENGINE"), None
    return ok(name, f"{speech.voice}, {speech.engine} (cost: {len(SENTENCE)} characters, under $0.001)"), sound
