from concurrent.futures import ThreadPoolExecutor

import pytest

from demo.camera import Request, SimulatedCamera, SnapshotTaken, Sound, SoundStarted, SpeakerFault, Verdict
from demo.camera.g711 import Encoding
from tests.support.clock import Clock
from tests.worker.camera.conftest import Access
from worker.camera.amcrest import AmcrestCamera
from worker.camera.paced_sound import LEAD_SECONDS, PIECE_BYTES, PacedSound
from worker.domain.errors import CameraError, CameraFaulty, CameraUnreachable, CameraUnsupported
from worker.domain.sound import BYTES_PER_SECOND, AudioFormat, Played

SOUND = bytes(range(256)) * 32
SECONDS = len(SOUND) / BYTES_PER_SECOND


@pytest.mark.parametrize(("audio_format", "encoding"), [("alaw", Encoding.ALAW), ("mulaw", Encoding.MULAW)])
def test_a_sound_arrives_byte_for_byte_with_its_length(
    client: AmcrestCamera, camera: SimulatedCamera, audio_format: AudioFormat, encoding: Encoding
) -> None:
    assert client.play(SOUND, audio_format) is Played.CONFIRMED
    (sound,) = camera.state.sounds
    assert (sound.audio, sound.announced, sound.encoding) == (SOUND, len(SOUND), encoding)


def test_a_sound_is_sent_as_fast_as_it_is_heard_with_a_small_lead(client: AmcrestCamera, time: Clock) -> None:
    client.play(SOUND, "alaw")
    assert sum(time.slept) == pytest.approx(SECONDS - LEAD_SECONDS, abs=PIECE_BYTES / BYTES_PER_SECOND)
    assert max(time.slept) <= PIECE_BYTES / BYTES_PER_SECOND + 1e-9


def test_no_byte_leaves_before_its_time_by_more_than_the_lead(time: Clock) -> None:
    start, sent = time.now, 0
    for piece in PacedSound(SOUND, lambda: None, time.sleep, time):
        sent += len(piece)
        assert sent / BYTES_PER_SECOND <= time.now - start + LEAD_SECONDS + 1e-9
    assert sent == len(SOUND)


def test_a_sound_that_was_held_up_makes_up_for_it(time: Clock) -> None:
    pieces = iter(PacedSound(SOUND, lambda: None, time.sleep, time))
    next(pieces)
    time.now += SECONDS
    list(pieces)
    assert time.slept == []


def test_the_start_is_told_once_before_the_first_byte(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    heard_before: list[int] = []
    client.play(SOUND, "alaw", lambda: heard_before.append(len(camera.state.sounds)))
    assert heard_before == [0]


def test_a_sound_is_never_posted_without_a_login(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    camera.state.faults.resets_unauthenticated_post = True
    assert client.play(SOUND, "alaw") is Played.CONFIRMED
    posts = [request for request in camera.state.requests if request.method == "POST"]
    assert [post.status for post in posts] == [200]


def test_a_camera_with_a_nonce_per_request_hears_a_sound_once(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    camera.state.faults.nonce_per_request = True
    client.snapshot()
    assert client.play(SOUND, "alaw") is Played.CONFIRMED
    assert client.play(SOUND, "alaw") is Played.CONFIRMED
    assert [sound.audio for sound in camera.state.sounds] == [SOUND, SOUND]
    assert [request.status for request in camera.state.requests if request.method == "POST"] == [200, 200]


def test_a_nonce_that_may_have_grown_old_is_not_trusted_with_a_sound(
    client: AmcrestCamera, camera: SimulatedCamera, time: Clock
) -> None:
    client.snapshot()
    time.now += 60
    camera.state.logins.expire_nonces()
    assert client.play(SOUND, "alaw") is Played.CONFIRMED
    assert [request.status for request in camera.state.requests if request.method == "POST"] == [200]


def test_the_channel_is_the_first_unless_it_is_set(access: Access, camera: SimulatedCamera) -> None:
    access.client().play(SOUND, "alaw")
    access.client(channel_number=4).play(SOUND, "alaw")
    posts = [request.target for request in camera.state.journal.of(Request) if request.method == "POST"]
    assert [target.rpartition("&")[2] for target in posts] == ["channel=1", "channel=4"]
    assert all("httptype=singlepart" in target for target in posts)


def test_no_answer_after_the_whole_sound_is_probably_played(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    camera.state.faults.speaker = SpeakerFault.NEVER_ANSWERS
    assert client.play(SOUND, "alaw") is Played.PROBABLY
    assert len(camera.state.sounds) == 1


def test_a_reset_midway_is_an_error_and_nothing_is_played_again(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    camera.state.faults.speaker = SpeakerFault.RESETS_MIDWAY
    # Longer than what the system's buffers take: what was never read cannot count as sent.
    with pytest.raises(CameraError):
        client.play(SOUND * 1000, "alaw")
    assert len(camera.state.sounds) == 1


def test_a_camera_that_goes_off_midway_is_unreachable(access: Access, camera: SimulatedCamera) -> None:
    client = AmcrestCamera(access.channel(), None, lambda _: camera.switch_off(), access.time)
    client.identify()
    with pytest.raises(CameraUnreachable):
        client.play(SOUND * 20, "alaw")


def test_a_camera_without_a_speaker_says_so(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    camera.state.faults.speaker = SpeakerFault.ABSENT
    with pytest.raises(CameraUnsupported, match="no speaker"):
        client.play(SOUND, "alaw")


def test_a_photo_can_be_taken_while_a_sound_is_heard(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    client.snapshot()
    photos: list[bytes] = []
    with ThreadPoolExecutor(1) as pool:
        client.play(SOUND, "alaw", lambda: photos.append(pool.submit(client.snapshot).result(20)))
    assert len(photos) == 1
    _, photo = camera.state.journal.of(SnapshotTaken)
    [started] = camera.state.journal.of(SoundStarted)
    [sound] = camera.state.journal.of(Sound)
    assert sound.asked_at <= photo.at <= started.at
    assert sound.audio == SOUND


def test_a_photo_beside_a_sound_cannot_make_the_sound_s_nonce_stale(
    client: AmcrestCamera, camera: SimulatedCamera
) -> None:
    client.snapshot()
    photos: list[bytes] = []
    with ThreadPoolExecutor(1) as pool:
        for _ in range(20):
            client.play(SOUND, "alaw", lambda: photos.append(pool.submit(client.snapshot).result(20)))
    assert camera.state.logins.counts[Verdict.STALE] == 0
    assert len(camera.state.sounds) == 20


def test_an_empty_answer_is_a_success(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    camera.state.faults.speaker = SpeakerFault.EMPTY_ANSWER
    assert client.play(SOUND, "alaw") is Played.CONFIRMED


@pytest.mark.parametrize(
    ("fault", "error"), [(SpeakerFault.ERROR_TEXT, CameraUnsupported), (SpeakerFault.PAGE, CameraFaulty)]
)
def test_an_error_with_status_200_is_no_success(
    client: AmcrestCamera, camera: SimulatedCamera, fault: SpeakerFault, error: type[CameraError]
) -> None:
    camera.state.faults.speaker = fault
    with pytest.raises(error, match="did not play"):
        client.play(SOUND, "alaw")
