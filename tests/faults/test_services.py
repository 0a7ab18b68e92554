"""A whole service of AWS is away until it is back, while a press is in work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.camera import SoundStarted
from tests.support.cloud_faults import SERVICES, Fault, Loss, denied, throttled
from tests.support.site import Site, about
from tests.support.waiting import eventually
from worker.disk.voice_cache import VOICE_FOLDER
from worker.disk.voice_folder import VoiceFolder

SETTINGS = {"VISIBILITY_SECONDS": "8"}


@dataclass(frozen=True)
class Outage:
    """`lost` calls of the operation find out."""

    service: str
    operation: str
    photo: str = "astronaut.jpg"
    speech: str = "spoken"
    lost: int = 3
    """All that the SDK makes of one call; Polly, for whom somebody waits, is asked twice and not again."""


OUTAGES: Mapping[str, Outage] = {
    "sqs": Outage("sqs", "DeleteMessage"),
    "dynamodb": Outage("dynamodb", "UpdateItem"),
    "s3": Outage("s3", "PutObject"),
    "rekognition": Outage("rekognition", "DetectFaces"),
    "polly": Outage("polly", "SynthesizeSpeech", photo="group-of-four.jpg", speech="failed", lost=2),
}


@pytest.fixture(scope="module")
def site(cloud: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with (
        Site(cloud, tmp_path_factory.mktemp("services")) as site,
        # Nothing is fetched ahead: a sentence that is new, of a group, needs Polly.
        VoiceFolder(site.data_dir / VOICE_FOLDER).alone(),
    ):
        for name, outage in OUTAGES.items():
            site.camera(name, outage.photo)
        site.camera("throttled", "group-of-three.jpg")
        site.start(**SETTINGS).wait_for("the camera answers", len(site.cameras))
        yield site


@pytest.mark.parametrize("name", OUTAGES)
def test_a_press_outlasts_the_outage_with_one_photo_and_one_sentence_of(name: str, site: Site) -> None:
    outage = OUTAGES[name]
    for operation in SERVICES[outage.service]:
        site.proxy.befall(Loss.OF_REQUEST, operation)
    enough = site.proxy.asked[outage.operation] + outage.lost
    site.press(name)
    try:
        eventually(lambda: site.proxy.asked[outage.operation] >= enough)
    finally:
        site.proxy.heal()
    end = site.books.balance()[name]
    assert (end["status"], end["speech"]) == ("completed", outage.speech), end
    assert len(site.cameras[name].state.snapshots) == 1


def test_a_sentence_is_said_although_polly_was_throttled_once(site: Site) -> None:
    site.proxy.befall(throttled("polly"), "SynthesizeSpeech", times=1)
    site.press("throttled")
    assert site.books.balance()["throttled"]["speech"] == "spoken"


def test_polls_that_are_lost_or_throttled_lose_no_press(site: Site) -> None:
    faults: list[Fault] = [Loss.OF_REQUEST, Loss.OF_HALF_THE_ANSWER, throttled("sqs")]
    for fault in faults:
        site.proxy.befall(fault, "ReceiveMessage", times=1)
    site.press("s3")
    assert site.books.balance()["s3"]["speech"] == "spoken"


def test_a_worker_that_may_not_delete_does_the_press_once_and_names_the_permission(cloud: str, tmp_path: Path) -> None:
    """SQS makes a dead letter of what nobody deletes: of all the books' rules, the one that cannot hold here."""
    with Site(cloud, tmp_path, max_receive_count=2) as site:
        camera = site.camera("lobby")
        site.proxy.befall(denied("sqs"), "DeleteMessage", about("lobby"))
        worker = site.start(**SETTINGS)
        message_id = site.press("lobby")
        worker.wait_for("done")

        def is_dead() -> bool:
            site.end_leases()
            return message_id in site.account.dead_messages()

        eventually(is_dead)
        assert site.books.record_of(message_id)["speech"] == "spoken"
        assert len(camera.state.snapshots) == len(camera.state.journal.of(SoundStarted)) == 1
        assert any("the permission sqs:DeleteMessage" in str(entry) for entry in worker.entries)
