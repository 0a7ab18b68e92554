"""Whatever AWS and the way to it do to one call, the press of that call ends as promised."""

from collections.abc import Iterator, Mapping

import pytest

from tests.support.account import Item
from tests.support.books import DEAD
from tests.support.cloud_faults import (
    BROKEN_GATEWAY,
    EXPIRED,
    FAILING,
    Delay,
    Fault,
    Loss,
    denied,
    service_of,
    throttled,
)
from tests.support.site import Site, about
from tests.support.waiting import eventually

OPERATIONS = ("UpdateItem", "PutObject", "DetectFaces", "DeleteMessage")
SDK_ATTEMPTS = 3
"""So often is a call made before it counts as failed."""


def once(operation: str) -> dict[str, Fault]:
    return {
        "slow": Delay(1.5),
        "cut-before-it-was-heard": Loss.OF_REQUEST,
        "done-but-cut-before-the-answer": Loss.OF_ANSWER,
        "half-answered": Loss.OF_HALF_THE_ANSWER,
        "failing": FAILING,
        "behind-a-broken-gateway": BROKEN_GATEWAY,
        "throttled": throttled(service_of(operation)),
        "asked-with-expired-credentials": EXPIRED,
    }


PASSING: Mapping[str, tuple[str, Fault, int]] = {
    **{
        f"{name}-{operation}": (operation, fault, 1)
        for operation in OPERATIONS
        for name, fault in once(operation).items()
    },
    **{f"away-{operation}": (operation, Loss.OF_REQUEST, SDK_ATTEMPTS) for operation in OPERATIONS},
    **{f"silent-{operation}": (operation, Loss.OF_PATIENCE, 1) for operation in ("UpdateItem", "DeleteMessage")},
}
DENIED = {"denied-UpdateItem": DEAD, "denied-PutObject": "failed", "denied-DetectFaces": "failed"}
PERMISSIONS = {
    "UpdateItem": "dynamodb:UpdateItem",
    "PutObject": "s3:PutObject",
    "DetectFaces": "rekognition:DetectFaces",
}
SETTINGS = {"VISIBILITY_SECONDS": "12"}


@pytest.fixture(scope="module")
def site(cloud: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One worker, and a press for each fault, which befalls the calls of that press alone."""
    with Site(cloud, tmp_path_factory.mktemp("cloud"), max_receive_count=2) as site:
        for name, (operation, fault, times) in PASSING.items():
            site.proxy.befall(fault, operation, about(name), times=times)
        for name in DENIED:
            operation = name.removeprefix("denied-")
            site.proxy.befall(denied(service_of(operation)), operation, about(name))
        for name in (*PASSING, *DENIED):
            site.camera(name)
        site.start(**SETTINGS)
        site.press_each(site.cameras)
        yield site


@pytest.fixture(scope="module")
def ends(site: Site) -> Mapping[str, Item]:
    return site.books.balance()


@pytest.mark.parametrize("name", PASSING)
def test_a_press_is_completed_with_one_photo_and_one_sentence_although_aws_is(
    name: str, ends: Mapping[str, Item], site: Site
) -> None:
    end = ends[name]
    assert (end["status"], end["speech"]) == ("completed", "spoken"), end
    assert len(site.cameras[name].state.snapshots) == 1


@pytest.mark.parametrize(("name", "status"), DENIED.items())
def test_what_iam_does_not_allow_ends_the_press_and_the_permission_is_named(
    name: str, status: str, ends: Mapping[str, Item], site: Site
) -> None:
    permission = PERMISSIONS[name.removeprefix("denied-")]
    assert ends[name]["status"] == status
    said = [str(entry) for entry in site.host.entries if entry.get("camera") == name and entry["level"] == "error"]
    assert any(f"the permission {permission}" in entry for entry in said)
    assert len(said) <= 2


def test_a_photo_that_s3_refused_is_stored_by_the_next_worker_once_it_may(site: Site, ends: Mapping[str, Item]) -> None:
    assert "image_key" not in ends["denied-PutObject"]
    site.host.close()
    site.proxy.heal()
    site.start(**SETTINGS)
    eventually(lambda: "image_key" in site.books.record_of(site.books.message_of("denied-PutObject")))
    site.books.balance()
