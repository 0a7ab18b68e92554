"""Whatever firmware does, a press ends with a photo or a reason, and the account is not locked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

from demo.camera import ConnectionFault, PtzFault, SimulatedCamera, SnapshotFault, SpeakerFault
from tests.support.account import Item
from tests.support.site import PASSWORD, PHOTOS, Site


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a camera, and how a press ends there all the same."""

    strike: Callable[[SimulatedCamera], None]
    status: str = "completed"
    speech: str = "spoken"
    error: str = ""
    snapshots: int | None = None


def once(fault: SnapshotFault) -> Callable[[SimulatedCamera], None]:
    def strike(camera: SimulatedCamera) -> None:
        camera.state.faults.next_snapshots.append(fault)

    return strike


def always(**faults: object) -> Callable[[SimulatedCamera], None]:
    def strike(camera: SimulatedCamera) -> None:
        for name, fault in faults.items():
            setattr(camera.state.faults, name, fault)

    return strike


def slow(camera: SimulatedCamera) -> None:
    camera.state.snapshot_seconds = 4.0


def locked(camera: SimulatedCamera) -> None:
    """By somebody else on this machine, who got the password wrong too often."""
    for _ in range(camera.state.logins.lockout.policy.attempts):
        camera.state.logins.lockout.failed("127.0.0.1")


def photos_only(camera: SimulatedCamera) -> None:
    """The worker's user may neither turn the camera nor speak through it."""
    camera.state.logins.account = replace(
        camera.state.logins.account, rights=frozenset({"magicBox.cgi", "snapshot.cgi"})
    )


TROUBLES: Mapping[str, Trouble] = {
    "slow": Trouble(slow),
    "drips": Trouble(always(snapshot=SnapshotFault.DRIPS, drip_seconds=4.0)),
    "error-500": Trouble(once(SnapshotFault.ERROR_500)),
    "html-with-200": Trouble(once(SnapshotFault.HTML)),
    "error-text-with-200": Trouble(once(SnapshotFault.ERROR_TEXT)),
    "empty": Trouble(once(SnapshotFault.EMPTY)),
    "cut-off": Trouble(once(SnapshotFault.TRUNCATED)),
    "short-of-its-length": Trouble(once(SnapshotFault.SHORT_BODY)),
    "trailing-bytes": Trouble(once(SnapshotFault.TRAILING_BYTES), snapshots=1),
    "sixty-four-megabytes": Trouble(once(SnapshotFault.HUGE)),
    "hangs": Trouble(once(SnapshotFault.HANGS)),
    "reset": Trouble(once(SnapshotFault.RESETS)),
    "nonce-per-request": Trouble(always(nonce_per_request=True), snapshots=1),
    "reused-nonce-is-refused": Trouble(always(reused_nonce_is_refused=True), snapshots=1),
    "stale-nonce-is-403": Trouble(always(nonce_per_request=True, stale_nonce_is_403=True), snapshots=1),
    "closes-connections": Trouble(always(closes_connections=True), snapshots=1),
    "resets-a-post-without-login": Trouble(always(resets_unauthenticated_post=True), snapshots=1),
    "no-ptz": Trouble(always(ptz=PtzFault.ABSENT), snapshots=1),
    "ptz-start-fails": Trouble(always(ptz=PtzFault.START_FAILS), snapshots=1),
    "ptz-stop-fails": Trouble(always(ptz=PtzFault.STOP_FAILS), snapshots=1),
    "speaker-never-answers": Trouble(always(speaker=SpeakerFault.NEVER_ANSWERS), speech="probably_spoken", snapshots=1),
    "speaker-resets": Trouble(always(speaker=SpeakerFault.RESETS_MIDWAY), speech="failed", snapshots=1),
    "speaker-says-error": Trouble(always(speaker=SpeakerFault.ERROR_TEXT), speech="failed", snapshots=1),
    "photos-only": Trouble(photos_only, speech="failed", snapshots=1),
    "photo-is-refused": Trouble(
        always(snapshot=SnapshotFault.ERROR_401), "failed", "spoken", "does not let it take a photo"
    ),
    "no-speaker": Trouble(always(speaker=SpeakerFault.ABSENT), speech="failed", snapshots=1),
    "wrong-password": Trouble(
        lambda camera: camera.state.logins.change_password("another"),
        "failed",
        "",
        "refused the user name or password",
        0,
    ),
    "locked": Trouble(locked, "failed", "", "refused the user name or password", 0),
    "basic-only": Trouble(always(basic_only=True), "failed", "failed", "cannot be logged in to safely", 0),
    "redirects": Trouble(
        always(redirect_to="http://127.0.0.1:9"), "failed", "failed", "redirects to another address", 0
    ),
    "down": Trouble(SimulatedCamera.switch_off, "failed", "", "no answer from the camera", 0),
    "resets-everything": Trouble(
        always(connection=ConnectionFault.RESETS), "failed", "", "no answer from the camera", 0
    ),
    "always-empty": Trouble(always(snapshot=SnapshotFault.EMPTY), "failed", "spoken", "an empty photo"),
}


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[SimulatedCamera]:
    """Where the camera that redirects sends everybody."""
    with SimulatedCamera(photos=PHOTOS, password=PASSWORD) as camera:
        yield camera


@pytest.fixture(scope="module")
def site(cloud: str, tmp_path_factory: pytest.TempPathFactory, elsewhere: SimulatedCamera) -> Iterator[Site]:
    """One worker, a camera for each trouble, and a press for each; who fails twice fails for good."""
    with Site(cloud, tmp_path_factory.mktemp("cameras"), max_receive_count=2) as site:
        for name, trouble in TROUBLES.items():
            trouble.strike(site.camera(name))
        site.cameras["redirects"].state.faults.redirect_to = f"http://{elsewhere.host}"
        site.start(VISIBILITY_SECONDS="20")
        for name in TROUBLES:
            site.press(name)
        yield site


@pytest.fixture(scope="module")
def ends(site: Site) -> dict[str, Item]:
    return site.books.balance()


@pytest.mark.parametrize("name", TROUBLES)
def test_a_press_ends_with_a_photo_or_a_reason_at_a_camera_that_is(
    name: str, ends: Mapping[str, Item], site: Site
) -> None:
    trouble, end = TROUBLES[name], ends[name]
    assert (end["status"], end.get("speech", "")) == (trouble.status, trouble.speech), end
    assert trouble.error in end.get("error", "")
    if trouble.snapshots is not None:
        assert len(site.cameras[name].state.snapshots) == trouble.snapshots


def test_a_movement_is_stopped_whatever_went_wrong_with_its_start(site: Site, ends: Mapping[str, Item]) -> None:
    assert ends["ptz-start-fails"]["status"] == "completed"
    turned = site.cameras["ptz-start-fails"].state.ptz_commands
    assert [command.action for command in turned] == ["start", "stop"]


def test_ten_more_presses_with_a_wrong_password_are_no_more_logins(site: Site, ends: Mapping[str, Item]) -> None:
    assert ends["wrong-password"]["status"] == "failed"
    refused = site.cameras["wrong-password"].state.logins.refused
    assert 1 <= refused <= 2
    for _ in range(10):
        site.press("wrong-password")
    site.books.settle()
    assert site.cameras["wrong-password"].state.logins.refused == refused


def test_a_password_that_was_changed_under_way_costs_two_logins_at_most(site: Site, ends: Mapping[str, Item]) -> None:
    assert ends["trailing-bytes"]["status"] == "completed"
    camera = site.cameras["trailing-bytes"]
    camera.state.logins.change_password("another")
    for _ in range(3):
        site.press("trailing-bytes")
    end = site.books.balance()["trailing-bytes"]
    assert end["status"] == "failed"
    assert "refused the user name or password" in end["error"]
    assert 1 <= camera.state.logins.refused <= 2


@pytest.mark.parametrize("name", ["reused-nonce-is-refused", "photos-only"])
def test_a_right_password_shuts_no_camera(name: str, site: Site, ends: Mapping[str, Item]) -> None:
    assert ends[name]["status"] == "completed"
    site.press(name)
    assert site.books.balance()[name]["status"] == "completed"


def test_whoever_the_camera_redirects_to_learns_no_password(
    elsewhere: SimulatedCamera, ends: Mapping[str, Item]
) -> None:
    assert ends["redirects"]["status"] == "failed"
    assert elsewhere.state.requests == []
