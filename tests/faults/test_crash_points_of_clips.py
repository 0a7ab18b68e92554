"""The worker is stopped or killed at each step of recording a clip, which is recorded once and told of at most once."""

import io
import shutil
import subprocess
from collections.abc import Iterator, Mapping

import av
import pytest

from demo.camera import SoundStarted
from tests.faults.steps import (
    CLAIM,
    EITHER,
    END,
    MARK,
    SMALL,
    UNKNOWN,
    CloudPoint,
    End,
    LookPoint,
    RecordingPoint,
    SoundPoint,
    Step,
    end_worker,
)
from tests.support.account import Item
from tests.support.site import Site

SHORT, LONG = 1, 60
NOTHING_SEEN = ("off",)


STEPS: Mapping[str, Step] = {
    "before-the-claim": Step(CloudPoint("UpdateItem", CLAIM)),
    "claimed-and-not-told": Step(CloudPoint("UpdateItem", CLAIM, answers=True)),
    "while-recording": Step(RecordingPoint(), stopped=EITHER),
    "before-the-faces": Step(LookPoint((336, 240)), killed=NOTHING_SEEN, stopped=NOTHING_SEEN),
    "before-the-clip-is-stored": Step(CloudPoint("PutObject"), killed=UNKNOWN),
    "clip-stored-and-not-told": Step(CloudPoint("PutObject", answers=True), killed=UNKNOWN),
    "before-the-mark-of-the-voice": Step(CloudPoint("UpdateItem", MARK)),
    "marked-and-not-told": Step(CloudPoint("UpdateItem", MARK, answers=True), killed=UNKNOWN, stopped=EITHER),
    "while-speaking": Step(SoundPoint(), killed=UNKNOWN, stopped=UNKNOWN, photo="cat.jpg"),
    "before-the-record-is-completed": Step(CloudPoint("UpdateItem", END), killed=UNKNOWN),
    "completed-and-not-told": Step(CloudPoint("UpdateItem", END, answers=True)),
    "before-the-message-is-deleted": Step(CloudPoint("DeleteMessage")),
    "deleted-and-not-told": Step(CloudPoint("DeleteMessage", answers=True)),
}
CUT = {"while-recording"}


@pytest.fixture(scope="module")
def site(cloud: str, tmp_path_factory: pytest.TempPathFactory, end_of_worker: End) -> Iterator[Site]:
    def record(site: Site, name: str) -> None:
        site.record_video(LONG if name in CUT else SHORT, name)

    with Site(cloud, tmp_path_factory.mktemp(end_of_worker)) as site:
        site.film = SMALL
        end_worker(end_of_worker, site, STEPS, record)
        yield site


@pytest.mark.parametrize("name", STEPS)
def test_a_clip_is_recorded_once_plays_and_is_told_of_at_most_once_after_the_worker_ended(
    name: str, site: Site, ends: Mapping[str, Item], end_of_worker: End
) -> None:
    step, end = STEPS[name], ends[name]
    assert (end["status"], end["command"]) == ("completed", "RecordVideo"), end
    assert end["speech"] in step.speech(end_of_worker), end
    camera = site.cameras[name].state
    assert len(camera.journal.of(SoundStarted)) <= 1
    assert [request.method for request in camera.stream.requests].count("PLAY") == 1
    assert camera.snapshots == []
    # Whoever is killed says TEARDOWN no more: the camera ends the session itself, after a minute.
    assert camera.stream.sessions.open_now == (name in CUT and end_of_worker == "killed")
    assert end["video"] == ("partial" if name in CUT else "complete"), end
    clip, content_type = site.account.photo(end["video_key"])
    assert (content_type, len(clip)) == ("video/mp4", end["video_bytes"])
    seconds = length(clip)
    assert seconds == pytest.approx(float(end["video_seconds"]), abs=1 / SMALL.fps)
    assert 1 <= seconds < LONG / 2 if name in CUT else seconds == pytest.approx(SHORT, abs=2 / SMALL.fps)
    assert clip.index(b"moov") < clip.index(b"mdat"), "it has to be loaded whole before it plays"


def length(clip: bytes) -> float:
    """In seconds, by every picture that can be decoded; without a complaint, also of the system's own FFmpeg if any."""
    if ffmpeg := shutil.which("ffmpeg"):
        command = [ffmpeg, "-v", "error", "-xerror", "-i", "-", "-f", "null", "-"]
        assert subprocess.run(command, input=clip, capture_output=True, check=True).stderr == b""
    with av.open(io.BytesIO(clip), "r") as container:
        [track] = container.streams.video
        assert track.average_rate
        return len(list(container.decode(track))) / float(track.average_rate)


def test_every_clip_is_stored_once(site: Site, ends: Mapping[str, Item]) -> None:
    assert sorted(site.account.photo_keys()) == sorted(end["video_key"] for end in ends.values())
