"""Who watches through the cameras: with WATCH=off nobody, and what watches is imported for a watch that was left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from threading import Event

import structlog

from worker.domain.errors import CloudError
from worker.job.services import Services
from worker.job.shared_camera import SharedCamera
from worker.runtime.filmed import Filmed
from worker.settings import WorkerSettings

Task = Callable[[Event], None]

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
    if not settings.watch:
        ends = (partial(end_what_runs, camera, filmed[name], services, settings) for name, camera in cameras.items())
        return Watched(cameras, tuple(ends))
    from worker.runtime.watching import make_watchman  # noqa: PLC0415 - a megabyte, statistics among it

    watchmen = {name: make_watchman(camera, filmed[name], services, settings) for name, camera in cameras.items()}
    looked_after = {name: replace(camera, look_after=watchmen[name].look) for name, camera in cameras.items()}
    return Watched(looked_after, tuple(watchman.keep_looking for watchman in watchmen.values()))


def end_what_runs(
    camera: SharedCamera, filmed: Filmed, services: Services, settings: WorkerSettings, stopping: Event
) -> None:
    """End a watch that was left by a worker which might watch: this one may not, and nobody else is to go on."""
    try:
        if services.watches.standing(camera.name).watch is not None:
            from worker.runtime.watching import end, make_watchman  # noqa: PLC0415 - as above

            end(make_watchman(camera, filmed, services, settings), stopping)
    except (CloudError, KeyError, ValueError) as error:
        message = "whether a watch runs is not known, and WATCH=off: it ends by itself in any case"
        log.warning(message, action="watch_look_failed", camera=camera.name, error=str(error))
