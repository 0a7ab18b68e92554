"""Private mode: faces and voice on this host, and a button's event to the first sound at the speaker."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.account import client, queue_url, ready_worker
from benchmarks.camera import PHOTOS
from benchmarks.figures import Figure
from benchmarks.usage import program
from demo.program import Entry, Program

SETTLE_SECONDS = 3.0
REST_SECONDS = 0.7


def private_mode(presses: int) -> list[Figure]:
    """From the moment before the command is put on the queue; one face, which the film shows all the time."""
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        with _camera(folder) as camera, program("localcloud", environment={}, folder=folder) as cloud:
            place = cloud.wait_for_document("endpoint")
            found = {lens: _presses(folder, lens, camera, place, presses) for lens in ("snapshot", "hot")}
    return [
        Figure("private mode, one face: press to first sound, snapshot", found["snapshot"], "ms"),
        Figure("private mode, one face: press to first sound, hot", found["hot"], "ms", at_most=300),
    ]


@contextmanager
def _camera(folder: Path) -> Iterator[Program]:
    photos = folder / "photos"
    photos.mkdir()
    shutil.copy(PHOTOS / "astronaut.jpg", photos)
    with program("benchmarks.camera", "--film", "--photos", str(photos), environment={}, folder=folder) as camera:
        camera.wait_for("ready")
        yield camera


def _presses(folder: Path, lens: str, camera: Program, place: Entry, count: int) -> list[float]:
    sqs, url = client(place, "sqs"), queue_url(place)
    own = folder / lens
    own.mkdir()
    milliseconds = []
    with ready_worker(own, camera, place, lens) as worker:
        if lens == "hot":
            worker.wait_for("the newest picture is at hand")
        time.sleep(SETTLE_SECONDS)
        for number in range(count + 1):
            time.sleep(REST_SECONDS)
            mark = camera.mark
            pressed_at = time.time()
            sqs.send_message(QueueUrl=url, MessageBody="TakePicture")
            sound = camera.wait_for("SoundStarted", since=mark)[0]
            milliseconds.append((float(sound["at"]) - pressed_at) * 1000)
            worker.wait_for("done", count=number + 1)
    # The first opens connections, which a worker of hours has closed again: chapter 1 has those.
    return milliseconds[1:]
