from pathlib import Path

import pytest

from demo.camera import LockoutPolicy, PtzCommand, SimulatedCamera, Verdict
from tests.camera_simulator.conftest import Visitor
from tests.support.clock import Clock

MOVE = "ptz.cgi?action={}&channel={}&code={}&arg1=0&arg2={}&arg3=0"


def test_photographs_come_in_turn_and_again_from_the_start(
    camera: SimulatedCamera, visitor: Visitor, photos: Path
) -> None:
    names = ["first.jpg", "second.jpg", "third.jpg", "first.jpg"]
    answers = [visitor.get("snapshot.cgi") for _ in names]
    assert [answer.content for answer in answers] == [(photos / name).read_bytes() for name in names]
    assert {answer.headers["Content-Type"] for answer in answers} == {"image/jpeg"}
    assert [taken.photo for taken in camera.state.snapshots] == names
    assert camera.state.max_concurrent_snapshots == 1


def test_a_snapshot_takes_its_time(camera: SimulatedCamera, visitor: Visitor, clock: Clock) -> None:
    camera.state.snapshot_seconds = 0.4
    began = clock.now
    visitor.get("snapshot.cgi")
    (taken,) = camera.state.snapshots
    assert (taken.asked_at, taken.at) == (began, began + 0.4)


def test_a_folder_without_photographs_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no \*\.jpg"):
        SimulatedCamera(photos=tmp_path, password="any")


def test_one_connection_and_one_challenge_serve_many_requests(camera: SimulatedCamera, visitor: Visitor) -> None:
    for _ in range(3):
        visitor.get("snapshot.cgi")
    assert camera.state.logins.counts == {Verdict.CHALLENGED: 1, Verdict.ACCEPTED: 3}
    assert [request.status for request in camera.state.requests] == [401, 200, 200, 200]


def test_movements_are_logged_with_their_times(camera: SimulatedCamera, visitor: Visitor, clock: Clock) -> None:
    began = clock.now
    assert visitor.get(MOVE.format("start", 0, "Up", 3)).text == "OK\r\n"
    clock.now += 0.25
    assert visitor.get(MOVE.format("stop", 0, "Up", 3)).text == "OK\r\n"
    assert camera.state.ptz_commands == [
        PtzCommand(began, "start", "Up", channel=0, speed=3, ok=True),
        PtzCommand(began + 0.25, "stop", "Up", channel=0, speed=3, ok=True),
    ]


@pytest.mark.parametrize(
    "command",
    [
        MOVE.format("start", 1, "Sideways", 1),
        MOVE.format("twirl", 1, "Up", 1),
        MOVE.format("start", "x", "Up", 1),
        MOVE.format("start", 1, "Up", "fast"),
        "ptz.cgi?action=start&code=Up",
    ],
)
def test_a_movement_it_does_not_know_is_a_bad_request(camera: SimulatedCamera, visitor: Visitor, command: str) -> None:
    answer = visitor.get(command)
    assert (answer.status_code, answer.text) == (400, "Error\r\nBad Request!\r\n")
    assert camera.state.ptz_commands == []


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("magicBox.cgi?action=getDeviceType", "type=IP2M-841\r\n"),
        ("magicBox.cgi?action=getSerialNo", "sn=AMC0SIMULATED0001\r\n"),
        ("magicBox.cgi?action=getSoftwareVersion", "version=2.800.0000000.5.R,build:2021-02-04\r\n"),
        ("magicBox.cgi?action=getMachineName", "name=Simulated\r\n"),
        ("magicBox.cgi?action=getSystemInfo", "deviceType=IP2M-841\r\nserialNumber=AMC0SIMULATED0001\r\n"),
        ("devAudioOutput.cgi?action=getCollect", "result=1\r\n"),
        ("configManager.cgi?action=getConfig&name=AudioOutputVolume", "table.AudioOutputVolume[0]=80\r\n"),
    ],
)
@pytest.mark.usefixtures("camera")
def test_it_tells_about_itself(visitor: Visitor, question: str, answer: str) -> None:
    assert visitor.get(question).text == answer


def test_its_settings_are_those_in_force(camera: SimulatedCamera, visitor: Visitor) -> None:
    camera.state.volume = 0
    camera.state.logins.lockout.policy = LockoutPolicy(enabled=True, attempts=3, seconds=60)
    assert visitor.get("configManager.cgi?action=getConfig&name=AudioOutputVolume").text.endswith("[0]=0\r\n")
    general = visitor.get("configManager.cgi?action=getConfig&name=General").text.splitlines()
    assert general[1:] == [
        "table.General.LockLoginEnable=true",
        "table.General.LockLoginTimes=3",
        "table.General.LoginFailLockTime=60",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "magicBox.cgi?action=explode",
        "magicBox.cgi",
        "configManager.cgi?action=setConfig&name=General",
        "configManager.cgi?action=getConfig&name=Unheard",
        "devAudioOutput.cgi?action=getColect",
        "unheard.cgi",
    ],
)
@pytest.mark.usefixtures("camera")
def test_what_it_does_not_know_is_a_bad_request(visitor: Visitor, question: str) -> None:
    assert visitor.get(question).status_code == 400
