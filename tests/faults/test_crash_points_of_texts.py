"""The worker is stopped or killed at each step of saying a text, which is said at most once."""

from collections.abc import Iterator, Mapping

import pytest

from demo.camera import SoundStarted
from tests.faults.steps import (
    CLAIM,
    EITHER,
    END,
    LONG,
    MARK,
    UNKNOWN,
    CloudPoint,
    End,
    SoundPoint,
    Step,
    VoicePoint,
    end_worker,
)
from tests.support.account import Item
from tests.support.site import Site

STEPS: Mapping[str, Step] = {
    "before-the-claim": Step(CloudPoint("UpdateItem", CLAIM)),
    "claimed-and-not-told": Step(CloudPoint("UpdateItem", CLAIM, answers=True)),
    "before-the-mark": Step(CloudPoint("UpdateItem", MARK)),
    "marked-and-not-told": Step(CloudPoint("UpdateItem", MARK, answers=True), killed=UNKNOWN, stopped=EITHER),
    "before-the-record-is-completed": Step(CloudPoint("UpdateItem", END), killed=UNKNOWN),
    "completed-and-not-told": Step(CloudPoint("UpdateItem", END, answers=True)),
    "before-the-message-is-deleted": Step(CloudPoint("DeleteMessage")),
    "deleted-and-not-told": Step(CloudPoint("DeleteMessage", answers=True)),
    # The last, as neither Polly's time limit nor the sentence may be over before the others are reached.
    "before-the-sound-is-made": Step(VoicePoint(), killed=UNKNOWN),
    "while-speaking": Step(SoundPoint(), killed=UNKNOWN, stopped=UNKNOWN),
}
TEXTS = {name: f"{name}: {LONG if name == 'while-speaking' else 'Dinner'}" for name in STEPS}


@pytest.fixture(scope="module")
def site(cloud: str, tmp_path_factory: pytest.TempPathFactory, end_of_worker: End) -> Iterator[Site]:
    def say(site: Site, name: str) -> None:
        site.say(TEXTS[name], name)

    with Site(cloud, tmp_path_factory.mktemp(end_of_worker)) as site:
        end_worker(end_of_worker, site, STEPS, say)
        yield site


@pytest.mark.parametrize("name", STEPS)
def test_a_text_is_said_at_most_once_and_recorded_after_the_worker_ended(
    name: str, site: Site, ends: Mapping[str, Item], end_of_worker: End
) -> None:
    step, end = STEPS[name], ends[name]
    assert (end["status"], end["command"]) == ("completed", "Say"), end
    assert end["speech"] in step.speech(end_of_worker), end
    assert end["said"] == TEXTS[name]
    camera = site.cameras[name].state
    assert len(camera.journal.of(SoundStarted)) <= 1
    assert (camera.snapshots, camera.ptz_commands, site.account.photo_keys()) == ([], [], [])
