"""The watchman of a camera, with all that it needs to watch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from threading import Event

from worker.domain.section import Rules
from worker.job.services import Services
from worker.job.shared_camera import SharedCamera
from worker.runtime.filmed import Filmed
from worker.runtime.watchman import LOOK_SECONDS, Watchman
from worker.settings import WorkerSettings
from worker.video.lazy import Lazy
from worker.video.lens import StreamLens
from worker.watch.filming import Watching
from worker.watch.watching import Watcher

Photograph = Callable[[], bytes]


def make_watchman(camera: SharedCamera, filmed: Filmed, services: Services, settings: WorkerSettings) -> Watchman:
    lease = timedelta(seconds=settings.visibility_seconds)
    rules = Rules(settings.watch_min_faces, settings.watch_calibrate_seconds, settings.min_confidence)
    terms = Watching(settings.watch_seconds, settings.watch_max_dollars, rules, lease)
    eyes = partial(_eyes, camera, filmed, services)
    watcher = Watcher(camera, services, terms, settings.grid, settings.watch_announce, eyes)
    return Watchman(camera.name, services.watches, services.clock, watcher, lease)


def end(watchman: Watchman, stopping: Event) -> None:
    """End the watch that runs, or that another worker holds. Raises CloudError, KeyError and ValueError."""
    try:
        while watchman.watches.standing(watchman.camera).watch is not None:
            watchman.watches.stop(watchman.camera, watchman.clock.now())
            watchman.look()
            if stopping.wait(LOOK_SECONDS):
                break
    finally:
        watchman.let_go()


@contextmanager
def _eyes(camera: SharedCamera, filmed: Filmed, services: Services) -> Iterator[Photograph]:
    """From the stream where the camera has one, which is open as long as the watch."""
    if filmed.watched is None:
        yield lambda: camera.device.photograph().jpeg
        return
    lens = StreamLens(camera.device, Lazy(filmed.watched), services.clock.now, _unseen)
    with filmed.watched.needed():
        yield lambda: lens.photograph().jpeg


def _unseen(_source: str) -> None:
    """A frame is no photo of anybody's press: it is not counted as one."""
