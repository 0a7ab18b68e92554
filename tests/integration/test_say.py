"""A text from the queue to the speaker."""

import json
from typing import Literal

from demo.camera import SimulatedCamera
from tests.support.account import Account
from tests.support.host import Host
from worker.domain.chime import chime


def test_a_text_is_heard_after_its_chime_in_its_voice_and_recorded_without_a_photo(
    host: Host, account: Account, camera: SimulatedCamera
) -> None:
    host.start()
    account.press(json.dumps({"command": "Say", "text": "Dinner is ready.", "voice": "Amy", "chime": True}))
    [record] = account.ended()
    account.wait_until_empty()

    assert (record["command"], record["status"]) == ("Say", "completed")
    assert (record["said"], record["speech"]) == ("Dinner is ready.", "spoken")
    assert record["timings_ms"].keys() == {"queue", "speech_start", "total"}
    assert not {"taken_at", "face_count", "faces", "mood", "image_key"} & record.keys()
    [sound] = camera.state.sounds
    assert sound.audio == chime("alaw") + _as_polly_says_it(account, "Dinner is ready.", "Amy")
    assert (camera.state.snapshots, camera.state.ptz_commands, account.photo_keys()) == ([], [], [])


def test_say_puts_a_text_on_the_queue_and_tells_what_became_of_it(
    host: Host, account: Account, camera: SimulatedCamera
) -> None:
    host.start()
    said = host.run("say", '<speak>Dinner <break time="200ms"/>is ready</speak>', "--ssml", "--wait")
    assert said.returncode == 0, said.stdout
    queued, *steps, end = said.stdout.splitlines()
    assert steps[-1] == 'sentence: "Dinner is ready"'
    assert end.endswith("; the voice: spoken")
    [record] = account.records()
    assert (record["capture_id"], record["source"]) == (queued.split()[1], "cli")
    [sound] = camera.state.sounds
    ssml = '<speak>Dinner <break time="200ms"/>is ready</speak>'
    assert sound.audio == _as_polly_says_it(account, ssml, "Joanna", "ssml")


def test_what_cannot_be_said_is_not_even_sent(host: Host, account: Account) -> None:
    refused = host.run("say", "two\nlines")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "one line" in refused.stderr
    assert account.messages() == 0


def test_a_worker_may_say_no_texts(host: Host, account: Account, camera: SimulatedCamera) -> None:
    host.start(ALLOW_SAY="false")
    said = host.run("say", "Dinner is ready.", "--wait")
    assert (said.returncode, "ALLOW_SAY" in said.stdout.splitlines()[-1]) == (3, True)
    [record] = account.records()
    assert record.keys() & {"said", "speech"} == set()
    assert camera.state.sounds == []


def _as_polly_says_it(
    account: Account, text: str, voice: Literal["Amy", "Joanna"], text_type: Literal["text", "ssml"] = "text"
) -> bytes:
    return account.polly.synthesize_speech(
        Text=text, TextType=text_type, VoiceId=voice, Engine="neural", OutputFormat="alaw", SampleRate="8000"
    )["AudioStream"].read()
