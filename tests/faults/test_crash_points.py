"""The worker is stopped or killed at each step of the job, and the next one ends every press."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest

from demo.camera import SimulatedCamera, SoundStarted
from tests.support.account import Item
from tests.support.cloud_proxy import CloudProxy, Hold
from tests.support.site import Site, about
from tests.support.waiting import eventually

LONG = "This sentence goes on for quite some time, so that there is enough of it left when the worker has gone."
CLAIM, MARK, END = "attribute_not_exists", '"started"', '"completed"'


@dataclass(frozen=True)
class CloudPoint:
    """A call to AWS that the worker is in the middle of; with `answers`, AWS has done it and the worker not heard."""

    operation: str
    word: str = ""
    answers: bool = False

    def reach(self, proxy: CloudProxy, _camera: SimulatedCamera, name: str) -> Callable[[], bool]:
        hold: Hold = proxy.hold(self.operation, about(name), *([self.word] if self.word else []), answers=self.answers)
        return hold.reached.is_set


@dataclass(frozen=True)
class SnapshotPoint:
    """The camera is asked and takes its time."""

    def reach(self, _proxy: CloudProxy, camera: SimulatedCamera, _name: str) -> Callable[[], bool]:
        camera.state.snapshot_seconds = 8.0
        return lambda: camera.state.lens.peak == 1


@dataclass(frozen=True)
class SoundPoint:
    """The camera hears the sentence."""

    def reach(self, _proxy: CloudProxy, camera: SimulatedCamera, _name: str) -> Callable[[], bool]:
        return lambda: bool(camera.state.journal.of(SoundStarted))


@dataclass(frozen=True)
class Step:
    """Where it ends, and what is known of the sentence afterwards: when it was killed, and when it was stopped."""

    point: CloudPoint | SnapshotPoint | SoundPoint
    killed: str = "spoken"
    stopped: str = "spoken"
    photo: str = field(default="astronaut.jpg")


STEPS: Mapping[str, Step] = {
    "before-the-claim": Step(CloudPoint("UpdateItem", CLAIM)),
    "claimed-and-not-told": Step(CloudPoint("UpdateItem", CLAIM, answers=True)),
    "during-the-snapshot": Step(SnapshotPoint()),
    "before-the-photo-is-stored": Step(CloudPoint("PutObject"), killed="unknown"),
    "photo-stored-and-not-told": Step(CloudPoint("PutObject", answers=True), killed="unknown"),
    "before-the-faces": Step(CloudPoint("DetectFaces"), killed="unknown"),
    "faces-found-and-not-told": Step(CloudPoint("DetectFaces", answers=True), killed="unknown"),
    "before-the-mark-of-the-voice": Step(CloudPoint("UpdateItem", MARK)),
    "marked-and-not-told": Step(CloudPoint("UpdateItem", MARK, answers=True), killed="unknown"),
    "while-speaking": Step(SoundPoint(), killed="unknown", stopped="unknown", photo="cat.jpg"),
    "before-the-record-is-completed": Step(CloudPoint("UpdateItem", END), killed="unknown"),
    "completed-and-not-told": Step(CloudPoint("UpdateItem", END, answers=True)),
    "before-the-message-is-deleted": Step(CloudPoint("DeleteMessage")),
    "deleted-and-not-told": Step(CloudPoint("DeleteMessage", answers=True)),
}


@pytest.fixture(scope="module", params=["killed", "stopped"])
def end_of_worker(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def site(cloud: str, tmp_path_factory: pytest.TempPathFactory, end_of_worker: str) -> Iterator[Site]:
    """A worker that ended with a press at each step, and the next one, which is still at it."""
    folder = tmp_path_factory.mktemp(end_of_worker)
    (folder / "phrases.toml").write_text(f'no_face = "{LONG}"\n')
    settings = {"PHRASES_FILE": str(folder / "phrases.toml"), "DRAIN_SECONDS": "1"}
    with Site(cloud, folder) as site:
        reached = {
            name: step.point.reach(site.proxy, site.camera(name, step.photo), name) for name, step in STEPS.items()
        }
        worker = site.start(**settings)
        worker.wait_for("the camera answers", len(STEPS))
        worker.wait_for("the voice is ready")
        for name in STEPS:
            site.press(name)
        eventually(lambda: [name for name, is_reached in reached.items() if not is_reached()] == [])
        if end_of_worker == "killed":
            site.kill(worker)
        else:
            assert site.stop(worker) == 0
            # What is done and was being deleted comes back by itself.
            site.end_leases()
        site.proxy.heal()
        site.cameras["during-the-snapshot"].state.snapshot_seconds = 0.0
        site.start(**settings)
        yield site


@pytest.fixture(scope="module")
def ends(site: Site) -> Mapping[str, Item]:
    return site.books.balance()


@pytest.mark.parametrize("name", STEPS)
def test_a_press_is_completed_with_one_photo_and_one_sentence_after_the_worker_ended(
    name: str, site: Site, ends: Mapping[str, Item], end_of_worker: str
) -> None:
    step, end = STEPS[name], ends[name]
    speech = step.killed if end_of_worker == "killed" else step.stopped
    assert (end["status"], end["speech"]) == ("completed", speech), end
    photos_taken = len(site.cameras[name].state.snapshots)
    assert photos_taken == 1 or (name == "during-the-snapshot" and photos_taken == 2)
    assert len(site.account.photo_keys()) == len(STEPS)
