"""The worker is stopped or killed at each step of the job, and the next one ends every press."""

from collections.abc import Iterator, Mapping

import pytest

from tests.faults.steps import (
    CLAIM,
    EITHER,
    END,
    MARK,
    UNKNOWN,
    CloudPoint,
    End,
    SnapshotPoint,
    SoundPoint,
    Step,
    end_worker,
)
from tests.support.account import Item
from tests.support.site import Site

STEPS: Mapping[str, Step] = {
    "before-the-claim": Step(CloudPoint("UpdateItem", CLAIM)),
    "claimed-and-not-told": Step(CloudPoint("UpdateItem", CLAIM, answers=True)),
    "during-the-snapshot": Step(SnapshotPoint()),
    "before-the-photo-is-stored": Step(CloudPoint("PutObject"), killed=UNKNOWN),
    "photo-stored-and-not-told": Step(CloudPoint("PutObject", answers=True), killed=UNKNOWN),
    "before-the-faces": Step(CloudPoint("DetectFaces"), killed=UNKNOWN),
    "faces-found-and-not-told": Step(CloudPoint("DetectFaces", answers=True), killed=UNKNOWN),
    "before-the-mark-of-the-voice": Step(CloudPoint("UpdateItem", MARK)),
    "marked-and-not-told": Step(CloudPoint("UpdateItem", MARK, answers=True), killed=UNKNOWN, stopped=EITHER),
    "while-speaking": Step(SoundPoint(), killed=UNKNOWN, stopped=UNKNOWN, photo="cat.jpg"),
    "before-the-record-is-completed": Step(CloudPoint("UpdateItem", END), killed=UNKNOWN),
    "completed-and-not-told": Step(CloudPoint("UpdateItem", END, answers=True)),
    "before-the-message-is-deleted": Step(CloudPoint("DeleteMessage")),
    "deleted-and-not-told": Step(CloudPoint("DeleteMessage", answers=True)),
}


@pytest.fixture(scope="module")
def site(cloud: str, tmp_path_factory: pytest.TempPathFactory, end_of_worker: End) -> Iterator[Site]:
    with Site(cloud, tmp_path_factory.mktemp(end_of_worker)) as site:
        end_worker(end_of_worker, site, STEPS, Site.press)
        yield site


@pytest.mark.parametrize("name", STEPS)
def test_a_press_is_completed_with_one_photo_and_one_sentence_after_the_worker_ended(
    name: str, site: Site, ends: Mapping[str, Item], end_of_worker: End
) -> None:
    step, end = STEPS[name], ends[name]
    assert end["status"] == "completed", end
    assert end["speech"] in step.speech(end_of_worker), end
    photos_taken = len(site.cameras[name].state.snapshots)
    assert photos_taken == 1 or (name == "during-the-snapshot" and photos_taken == 2)
    assert len(site.account.photo_keys()) == len(STEPS)
