"""However often SQS delivers a press: one record, one photo, one sentence."""

from datetime import UTC, datetime

from demo.camera import SimulatedCamera
from tests.support.site import Site


def identity() -> dict[str, str]:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"press_id": "the-same-press", "pressed_at": now}


def test_a_press_delivered_twice_at_once_and_again_afterwards_is_done_once(site: Site, camera: SimulatedCamera) -> None:
    worker = site.start()
    press = identity()
    with site.proxy.holding("DetectFaces"):
        site.account.press(**press)
        site.account.press(**press)
        worker.wait_for("another attempt is working on this press")
    [record] = site.account.ended()
    site.account.press(**press)
    worker.wait_for("this press is done already")
    site.end_leases()
    worker.wait_for("this press is done already", 2)
    site.account.wait_until_empty()
    assert site.account.records() == [record]
    assert record["capture_id"] == f"{press['pressed_at']}#the-same-press"
    assert (record["status"], record["speech"]) == ("completed", "spoken")
    assert len(camera.state.snapshots) == len(camera.state.sounds) == len(site.account.photo_keys()) == 1


def test_two_workers_that_get_the_same_press_at_once_do_it_once(site: Site, camera: SimulatedCamera) -> None:
    workers = [site.host.launch(DATA_DIR=f"{site.data_dir}-{number}") for number in range(2)]
    for worker in workers:
        worker.wait_for("ready")
    press = identity()
    for _ in range(4):
        site.account.press(**press)
    [record] = site.account.ended()
    site.end_leases()
    site.account.wait_until_empty()
    assert site.account.records() == [record]
    assert (record["status"], record["speech"]) == ("completed", "spoken")
    assert len(camera.state.sounds) == len(site.account.photo_keys()) == 1
