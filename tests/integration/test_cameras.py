"""Cameras do not wait for each other, photos do not wait for sentences."""

from collections import Counter
from pathlib import Path

from demo.camera import ConnectionFault, SnapshotTaken, Sound, SoundStarted, SpeakerFault
from demo.program import PATIENCE_SECONDS
from tests.support.site import Site

PRESSES_IN_VAIN = 3
PRESSES = 4


def test_a_camera_that_is_down_keeps_no_other_waiting(cloud: str, tmp_path: Path) -> None:
    with Site(cloud, tmp_path) as site:
        dead, hanging, _ = (site.camera(name) for name in ("dead", "hanging", "well"))
        dead.switch_off()
        hanging.state.faults.connection = ConnectionFault.HANGS
        worker = site.start(CONCURRENCY="2", SPEECH="off")
        for _ in range(PRESSES_IN_VAIN):
            site.press("dead")
            site.press("hanging")
        worker.wait_for("failed, trying again", PRESSES_IN_VAIN)
        site.press("well")
        [done] = [record for record in site.account.ended() if record["status"] != "in_progress"]
        assert (done["camera"], done["status"]) == ("well", "completed")
        dead.switch_on()
        ends = site.account.ended(1 + PRESSES_IN_VAIN)
        assert Counter((record["camera"], record["status"]) for record in ends if record["camera"] != "hanging") == {
            ("dead", "completed"): PRESSES_IN_VAIN,
            ("well", "completed"): 1,
        }


def test_presses_at_once_are_photos_in_a_row_and_then_sentences_in_a_row(site: Site) -> None:
    state = site.camera("lobby").state
    state.faults.speaker = SpeakerFault.NEVER_ANSWERS
    # Fewer places of work than presses: who waits for the speaker has left theirs.
    site.start(CONCURRENCY="2").wait_for("the voice is ready")
    for _ in range(PRESSES):
        site.press("lobby")
    # The first sentence comes to no end before the last photo is taken.
    state.journal.wait_for(SnapshotTaken, PRESSES, PATIENCE_SECONDS)
    assert len(state.journal.of(SoundStarted)) <= 1
    state.faults.speaker = None
    site.books.settle()
    assert len(state.snapshots) == len(state.journal.of(Sound)) == PRESSES
    assert state.max_concurrent_snapshots == state.max_concurrent_sounds == 1
