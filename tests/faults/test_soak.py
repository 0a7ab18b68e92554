"""Many presses, faults at random: `SOAK_SEED` repeats a run, `SOAK_PRESSES` makes it longer."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from demo.camera import SnapshotFault, SpeakerFault
from tests.support.cloud_faults import BROKEN_GATEWAY, FAILING, Delay, Fault, Loss, service_of, throttled
from tests.support.site import Site, about

PRESSES = int(os.environ.get("SOAK_PRESSES", "40"))
SEED = int(os.environ.get("SOAK_SEED", secrets.randbelow(1_000_000)))
CAMERAS = 8
ONE_WORKER = 16
"""Presses until it is killed or stopped, and another comes."""
OPERATIONS = ("UpdateItem", "PutObject", "DetectFaces", "DeleteMessage", "ChangeMessageVisibility")
SETTINGS = {"MAX_COMMAND_AGE_SECONDS": "600", "VISIBILITY_SECONDS": "8"}
QUICK_SNAPSHOT_FAULTS = tuple(
    fault for fault in SnapshotFault if fault not in {SnapshotFault.HANGS, SnapshotFault.DRIPS}
)


@pytest.fixture
def site(cloud: str, tmp_path: Path) -> Iterator[Site]:
    with Site(cloud, tmp_path) as site:
        for number in range(CAMERAS):
            site.camera(f"camera-{number}")
        yield site


def test_whatever_happens_the_books_are_balanced(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nsoak: SOAK_SEED={SEED} SOAK_PRESSES={PRESSES}")  # noqa: T201 (who repeats it needs the seed)
    chance = Random(SEED)  # noqa: S311 (no secret)
    worker = site.start(**SETTINGS)
    names = list(site.cameras)
    for number in range(PRESSES):
        name = chance.choice(names)
        for _ in range(chance.randrange(2)):
            _strike(site, name, chance)
        site.press_each([name])
        if number % ONE_WORKER == ONE_WORKER // 4:
            site.kill(worker) if chance.random() < 0.5 else site.stop(worker)
            worker = site.start(**SETTINGS)
    site.proxy.heal()
    site.books.balance(within=150)
    assert site.stop(worker) == 0


def _strike(site: Site, name: str, chance: Random) -> None:
    faults = site.cameras[name].state.faults
    if chance.random() < 0.3:
        faults.next_snapshots.append(chance.choice(QUICK_SNAPSHOT_FAULTS))
        faults.speaker = chance.choice([None, None, SpeakerFault.RESETS_MIDWAY, SpeakerFault.NEVER_ANSWERS])
        return
    operation = chance.choice(OPERATIONS)
    losses: list[Fault] = [Loss.OF_REQUEST, Loss.OF_ANSWER, Loss.OF_HALF_THE_ANSWER]
    answers: list[Fault] = [Delay(chance.uniform(0.1, 2.0)), FAILING, BROKEN_GATEWAY, throttled(service_of(operation))]
    site.proxy.befall(chance.choice(losses + answers), operation, about(name), times=chance.choice([1, 1, 1, 1, 1, 3]))
