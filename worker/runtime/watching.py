"""The watchman of each camera, with all that it needs to watch."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from threading import Event

import structlog

from worker.domain.errors import CloudError
from worker.domain.section import Rules
from worker.job.services import Services
from worker.job.shared_camera import SharedCamera
from worker.runtime.streams import Filmed
from worker.runtime.watchman import LOOK_SECONDS, Watchman
from worker.settings import WorkerSettings
from worker.video.lazy import Lazy
from worker.video.lens import StreamLens
from worker.watch.filming import Watching
from worker.watch.watching import Watcher

Task = Callable[[Event], None]
Photograph = Callable[[], bytes]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Watched:
    """The cameras as jobs use them, and what goes on beside the polls."""

    cameras: Mapping[str, SharedCamera]
    tasks: tuple[Task, ...]


def watched_over(
    cameras: Mapping[str, SharedCamera], filmed: Mapping[str, Filmed], services: Services, settings: WorkerSettings
) -> Watched:
    """With WATCH=on each camera has somebody who looks for a watch to hold; else what runs is ended, once."""
    watchmen = {
        name: _watchman(camera, partial(_eyes, camera, filmed[name], services), services, settings)
        for name, camera in cameras.items()
    }
    if not settings.watch:
        return Watched(cameras, tuple(partial(end_what_runs, watchman) for watchman in watchmen.values()))
    looked_after = {name: replace(camera, look_after=watchmen[name].look) for name, camera in cameras.items()}
    return Watched(looked_after, tuple(watchman.keep_looking for watchman in watchmen.values()))


def end_what_runs(watchman: Watchman, stopping: Event) -> None:
    """End a watch that was left by a worker which might watch: this one may not, and nobody else is to go on."""
    try:
        while watchman.watches.standing(watchman.camera).watch is not None:
            watchman.watches.stop(watchman.camera, watchman.clock.now())
            watchman.look()
            if stopping.wait(LOOK_SECONDS):
                break
    except (CloudError, KeyError, ValueError) as error:
        message = "whether a watch runs is not known, and WATCH=off: it ends by itself in any case"
        log.warning(message, action="watch_look_failed", camera=watchman.camera, error=str(error))
    watchman.let_go()


def _watchman(
    camera: SharedCamera,
    open_eyes: Callable[[], AbstractContextManager[Photograph]],
    services: Services,
    settings: WorkerSettings,
) -> Watchman:
    lease = timedelta(seconds=settings.visibility_seconds)
    rules = Rules(settings.watch_min_faces, settings.watch_calibrate_seconds, settings.min_confidence)
    terms = Watching(settings.watch_seconds, settings.watch_max_dollars, rules, lease)
    watcher = Watcher(camera, services, terms, settings.grid, settings.watch_announce, open_eyes)
    return Watchman(camera.name, services.watches, services.clock, watcher, lease)


@contextmanager
def _eyes(camera: SharedCamera, filmed: Filmed, services: Services) -> Iterator[Photograph]:
    """From the stream where the camera has one, which is open as long as the watch."""
    if not filmed.watches_stream or filmed.reader is None:
        yield lambda: camera.device.photograph().jpeg
        return
    lens = StreamLens(camera.device, Lazy(filmed.reader), services.clock.now, _unseen)
    with filmed.reader.needed():
        yield lambda: lens.photograph().jpeg


def _unseen(_source: str) -> None:
    """A frame is no photo of anybody's press: it is not counted as one."""
