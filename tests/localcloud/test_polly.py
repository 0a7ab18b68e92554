from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from botocore.exceptions import ClientError

from localcloud.voice import Voice
from tests.localcloud.decoding import decode_alaw, decode_mulaw

if TYPE_CHECKING:
    from mypy_boto3_polly import PollyClient

SENTENCE = "You look happy."


def synthesize(polly: "PollyClient", **changes: Any) -> dict[str, Any]:
    request = {"Text": SENTENCE, "VoiceId": "Joanna", "Engine": "neural", "OutputFormat": "alaw"} | changes
    response: Any = polly.synthesize_speech(**request)
    with response["AudioStream"] as stream:
        return {**response, "AudioStream": stream.read()}


def refusal(polly: "PollyClient", **changes: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        synthesize(polly, **changes)
    error = refused.value.response["Error"]
    assert refused.value.response["ResponseMetadata"]["RetryAttempts"] == 0
    return error["Code"], error["Message"]


@pytest.mark.parametrize(
    ("output_format", "rate", "bytes_a_second"),
    [("alaw", "8000", 8000), ("mulaw", "8000", 8000), ("pcm", "8000", 16_000), ("pcm", "16000", 32_000)],
)
def test_each_format_has_its_content_type_and_length(
    polly: "PollyClient", voice: Voice, output_format: str, rate: str, bytes_a_second: int
) -> None:
    response = synthesize(polly, OutputFormat=output_format, SampleRate=rate)
    assert f"audio/{output_format}" == response["ContentType"]
    assert len(SENTENCE) == response["RequestCharacters"]
    seconds = voice.say(SENTENCE, 8000, "en-US").size / 8000
    assert seconds == pytest.approx(len(response["AudioStream"]) / bytes_a_second, abs=0.001)


def test_both_laws_carry_what_pcm_carries(polly: "PollyClient") -> None:
    pcm = np.frombuffer(synthesize(polly, OutputFormat="pcm", SampleRate="8000")["AudioStream"], "<i2")
    for law in (
        decode_alaw(synthesize(polly)["AudioStream"]),
        decode_mulaw(synthesize(polly, OutputFormat="mulaw")["AudioStream"]),
    ):
        assert np.corrcoef(pcm, law)[0, 1] > 0.999


def test_pcm_is_16_khz_unless_asked_otherwise(polly: "PollyClient") -> None:
    default = synthesize(polly, OutputFormat="pcm")["AudioStream"]
    assert default == synthesize(polly, OutputFormat="pcm", SampleRate="16000")["AudioStream"]


def test_of_ssml_the_text_is_spoken_and_billed(polly: "PollyClient") -> None:
    marked_up = synthesize(polly, Text='<speak>You <prosody rate="slow">look</prosody> happy.</speak>', TextType="ssml")
    assert marked_up["AudioStream"] == synthesize(polly)["AudioStream"]
    assert len(SENTENCE) == marked_up["RequestCharacters"]


def test_a_break_of_ssml_is_silence_of_its_length(polly: "PollyClient") -> None:
    ssml = f'<speak>{SENTENCE}<break time="500ms"/>{SENTENCE}</speak>'
    sentence, both = synthesize(polly), synthesize(polly, Text=ssml, TextType="ssml")
    assert both["AudioStream"] == sentence["AudioStream"] + b"\xd5" * 4000 + sentence["AudioStream"]
    assert both["RequestCharacters"] == 2 * len(SENTENCE)


def test_ssml_without_words_is_silence(polly: "PollyClient") -> None:
    assert synthesize(polly, Text="<speak> </speak>", TextType="ssml")["AudioStream"] == b""


@pytest.mark.parametrize(
    ("polly_voice", "language"),
    [
        ("Joanna", "en-US"),
        ("Amy", "en-GB"),
        ("Olivia", "en-GB"),
        ("Vicki", "de-DE"),
        ("Lea", "fr-FR"),
        ("Lucia", "es-ES"),
        ("Mia", "es-ES"),
        ("Bianca", "it-IT"),
    ],
)
def test_each_voice_of_polly_speaks_its_language(
    polly: "PollyClient", voice: Voice, polly_voice: str, language: str
) -> None:
    heard = np.frombuffer(synthesize(polly, VoiceId=polly_voice, OutputFormat="pcm")["AudioStream"], "<i2")
    assert np.array_equal(heard, voice.say(SENTENCE, 16_000, language))


@pytest.mark.parametrize(
    ("changes", "code", "part_of_message"),
    [
        ({"VoiceId": "Nobody"}, "ValidationException", "'voiceId'"),
        ({"Engine": "steam"}, "ValidationException", "'engine'"),
        ({"VoiceId": "Geraint"}, "ValidationException", "This voice does not support the selected engine: neural"),
        ({"OutputFormat": "wav"}, "ValidationException", "'outputFormat'"),
        ({"Text": ""}, "ValidationException", "'text'"),
        ({"Text": "a" * 3001}, "TextLengthExceededException", "3000"),
        ({"Text": f"<speak>{'<p/>' * 1500}</speak>", "TextType": "ssml"}, "TextLengthExceededException", "6000"),
        ({"Text": "<speak>cut off", "TextType": "ssml"}, "InvalidSsmlException", "Invalid SSML"),
        ({"Text": "<p>unspoken</p>", "TextType": "ssml"}, "InvalidSsmlException", "<speak>"),
        ({"SampleRate": "16000"}, "InvalidSampleRateException", "8000"),
        ({"OutputFormat": "pcm", "SampleRate": "22050"}, "InvalidSampleRateException", "16000"),
        ({"OutputFormat": "mp3"}, "NotAvailableLocallyException", "mp3"),
        ({"VoiceId": "Kazuha"}, "NotAvailableLocallyException", "ja-JP (there are voices for de, en, es, fr, it)"),
        ({"Text": "1" * 400}, "NotAvailableLocallyException", "Saying this text"),
        ({"LexiconNames": ["names"]}, "NotAvailableLocallyException", "lexicon"),
    ],
)
def test_what_polly_refuses_is_refused_by_its_names_and_not_retried(
    polly: "PollyClient", changes: dict[str, Any], code: str, part_of_message: str
) -> None:
    found, message = refusal(polly, **changes)
    assert code == found
    assert part_of_message in message


def test_the_engine_is_standard_unless_asked_otherwise_which_some_voices_lack(polly: "PollyClient") -> None:
    with pytest.raises(ClientError, match="does not support the selected engine: standard"):
        polly.synthesize_speech(Text=SENTENCE, VoiceId="Ruth", OutputFormat="alaw")


def test_all_problems_of_a_request_are_named_at_once(polly: "PollyClient") -> None:
    _, message = refusal(polly, VoiceId="Nobody", Engine="steam")
    assert message.startswith("2 validation errors detected")
