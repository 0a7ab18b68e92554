"""What can come to be said is ready before anybody presses."""

from pathlib import Path

from demo.camera import SimulatedCamera
from tests.integration.conftest import PASSWORD, PHOTOS
from tests.support.account import Account
from tests.support.cloud_faults import denied
from tests.support.cloud_proxy import CloudProxy
from tests.support.worker_process import Host
from worker.domain.sentences import parts
from worker.domain.sound import join


def test_a_group_that_was_never_seen_is_told_its_mood_without_polly(
    host: Host, account: Account, proxy: CloudProxy, tmp_path: Path
) -> None:
    folder = tmp_path / "group"
    folder.mkdir()
    (folder / "four.jpg").write_bytes((PHOTOS / "group-of-four.jpg").read_bytes())
    with SimulatedCamera(photos=folder, password=PASSWORD) as camera:
        host.start(AWS_ENDPOINT_URL=proxy.endpoint, CAMERA_HOST=camera.host).wait_for("the voice is ready")
        proxy.befall(denied("polly"), "SynthesizeSpeech")
        account.press()
        [record] = account.ended()
        account.wait_until_empty()
        [sound] = camera.state.sounds
    count, mood = parts(record["said"])
    assert (record["face_count"], record["speech"], count) == (4, "spoken", "I see 4 people.")
    assert sound.audio == join([_as_polly_says_it(account, count), _as_polly_says_it(account, mood)], "alaw")


def test_after_a_restart_it_is_still_there_and_check_tells_how_much(host: Host, proxy: CloudProxy) -> None:
    worker = host.start(AWS_ENDPOINT_URL=proxy.endpoint)
    worker.wait_for("the voice is ready")
    worker.stop()
    proxy.befall(denied("polly"), "SynthesizeSpeech")
    # The voice belongs to the address that it came from.
    host.start(AWS_ENDPOINT_URL=proxy.endpoint).wait_for("the voice is ready")
    told = host.run("check", AWS_ENDPOINT_URL=proxy.endpoint).stdout
    assert "of 119 that are expected are ready; the daemon fetches the rest: 1," in told


def _as_polly_says_it(account: Account, sentence: str) -> bytes:
    return account.polly.synthesize_speech(
        Text=sentence, VoiceId="Joanna", Engine="neural", OutputFormat="alaw", SampleRate="8000"
    )["AudioStream"].read()
