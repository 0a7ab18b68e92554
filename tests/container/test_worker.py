"""The service `worker` as its owner runs it, with the stand-ins for camera and AWS on its network."""

import json
import time

import pytest

from tests.container.conftest import PASSWORD, SECRET_KEY, NewStack, furnish, with_stand_ins
from tests.container.stack import DEMO_IMAGE, IMAGE, Stack, docker
from tests.support.waiting import eventually
from worker.settings import WorkerSettings

pytestmark = pytest.mark.container

START_SECONDS, JOB_SECONDS = 60, 60
SLOW_SNAPSHOT_MS = 3000
GRACE_SECONDS = 30


def started(new_stack: NewStack) -> Stack:
    stack = new_stack(with_stand_ins("worker", SLOW_SNAPSHOT_MS))
    furnish(stack.folder)
    stack.compose("--profile", "demo", "up", "--detach", "--wait", "cloud", "camera", "worker")
    return stack


@pytest.fixture(scope="module")
def stack(new_stack: NewStack) -> Stack:
    return started(new_stack)


@pytest.fixture(scope="module")
def pressed(stack: Stack) -> str:
    """The capture id of a press whose job is done."""
    capture_id = stack.press()
    eventually(lambda: stack.cloud().record(capture_id).get("status") == "completed", JOB_SECONDS)
    return capture_id


def test_a_press_becomes_a_photo_a_record_and_a_sentence(stack: Stack, pressed: str) -> None:
    record = stack.cloud().record(pressed)
    assert (record["speech"], record["said"], record["face_count"]) == ("spoken", "You look happy.", 1)
    assert [photo[:2] for photo in stack.cloud().photos()] == [b"\xff\xd8"]
    assert [sound["complete"] for sound in stack.camera_events("sound")] == [True]
    assert "You look happy." in stack.compose("exec", "-T", "worker", "python", "-m", "worker", "results")


@pytest.mark.usefixtures("pressed")
def test_no_secret_is_seen_from_outside_the_container(stack: Stack) -> None:
    containers = stack.compose("ps", "--all", "--quiet").split()
    seen = [docker("inspect", *containers), docker("top", stack.container("worker"), "-eo", "pid,args")]
    seen += [stack.compose("logs"), *(docker("history", "--no-trunc", image) for image in (IMAGE, DEMO_IMAGE))]
    assert "the camera answers" in "".join(seen)
    assert not {secret for secret in (PASSWORD, SECRET_KEY) if secret in "".join(seen)}


def test_it_runs_without_any_privilege(stack: Stack) -> None:
    lines = stack.compose("exec", "-T", "worker", "cat", "/proc/self/status").splitlines()
    status = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    assert set(status["Uid"] + status["Gid"]) == {"10001"}
    assert {int(status[kind][0], 16) for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
    assert status["NoNewPrivs"] == ["1"]


@pytest.mark.parametrize("path", ["/app/x", "/opt/venv/x", "/x", "/aws/x", "/run/secrets/camera_password"])
def test_it_cannot_write_to(stack: Stack, path: str) -> None:
    refused = stack.compose("exec", "-T", "--user", "0", "worker", "touch", path, exit_code=1)
    assert "Read-only file system" in refused


def test_its_use_of_the_host_is_bounded(stack: Stack) -> None:
    host = stack.inspect("worker")["HostConfig"]
    assert (host["Memory"], host["PidsLimit"], host["Init"]) == (256 * 1024**2, 512, True)
    assert host["RestartPolicy"]["Name"] == "unless-stopped"
    assert host["LogConfig"] == {"Type": "local", "Config": {"max-size": "10m", "max-file": "3"}}
    assert (host["PortBindings"], host["Privileged"]) == ({}, False)


def test_a_stop_leaves_more_time_than_the_drain_takes(stack: Stack) -> None:
    assert stack.inspect("worker")["Config"]["StopTimeout"] > WorkerSettings.model_fields["drain_seconds"].default


def test_without_settings_it_names_all_that_are_missing_and_ends_with_2(new_stack: NewStack) -> None:
    said = new_stack().compose("run", "--rm", "worker", exit_code=2)
    for name in ("AWS_REGION", "BUCKET_NAME", "TABLE_NAME", "CAMERA_HOST", "CAMERA_PASSWORD"):
        assert f"{name}: not set" in said


def test_a_stop_finishes_the_job_in_hand(stack: Stack, pressed: str) -> None:
    capture_id = stack.press()
    assert capture_id != pressed
    eventually(lambda: stack.cloud().record(capture_id).get("status") == "in_progress")
    asked_at = time.monotonic()
    stack.compose("stop", "worker")
    assert time.monotonic() - asked_at < GRACE_SECONDS
    assert stack.inspect("worker")["State"]["ExitCode"] == 0
    record = stack.cloud().record(capture_id)
    assert (record["status"], record["speech"]) == ("completed", "spoken")


def test_a_killed_worker_s_press_is_completed_from_the_volume(new_stack: NewStack) -> None:
    stack = started(new_stack)
    capture_id = stack.press()
    eventually(lambda: stack.cloud().record(capture_id).get("status") == "in_progress")
    docker("pause", stack.container("cloud"))
    eventually(lambda: ".jpg" in stack.compose("exec", "-T", "worker", "ls", "-R", "/var/lib/worker"))
    docker("kill", stack.container("worker"))
    docker("unpause", stack.container("cloud"))
    assert stack.cloud().record(capture_id)["status"] == "in_progress"
    stack.compose("up", "--detach", "worker")

    eventually(lambda: stack.cloud().record(capture_id)["status"] == "completed", JOB_SECONDS)
    assert [record["capture_id"] for record in stack.cloud().records()] == [capture_id]
    assert [event["photo"] for event in stack.camera_events("snapshot")] == ["astronaut.jpg"]
    assert len(stack.cloud().photos()) == 1
    assert len(stack.camera_events("sound")) <= 1
    left = json.dumps(stack.compose("exec", "-T", "worker", "ls", "-R", "/var/lib/worker"))
    assert ".jpg" not in left
