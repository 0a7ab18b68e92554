"""`check`: every line with its cause and its remedy, and no harm done by asking."""

import json
from dataclasses import replace
from subprocess import CompletedProcess

from demo.camera import SimulatedCamera
from demo.camera.faults import ConnectionFault, PtzFault, SnapshotFault, SpeakerFault
from tests.support.account import Account
from tests.support.cloud_proxy import CloudProxy
from tests.support.host import Host
from tests.support.site import PASSWORD

WRONG = "swordfish and chips"


def line(check: CompletedProcess[str], name: str) -> str:
    """The one line about `name`."""
    [found] = [text for text in check.stdout.splitlines() if text[8:].startswith(f"{name}: ")]
    return found


def test_with_everything_in_place_every_line_is_ok_and_nothing_is_left_behind(
    host: Host, account: Account, camera: SimulatedCamera, proxy: CloudProxy
) -> None:
    check = host.run("check")
    assert (check.returncode, check.stderr) == (0, "")
    assert {text.split()[0] for text in check.stdout.splitlines()} == {"ok"}
    assert "after 5 wrong logins" in line(check, "camera default")
    assert "512 x 512 pixels" in line(check, "camera default photo")
    assert len(proxy.calls("DetectFaces")) == len(proxy.calls("SynthesizeSpeech")) == 1
    assert (camera.state.sounds, len(camera.state.snapshots), camera.state.logins.refused) == ([], 1, 0)
    assert {command.action for command in camera.state.ptz_commands} == {"stop"}
    assert (account.items(), account.photo_keys(), account.messages()) == ([], [], 0)


def test_with_speak_each_camera_nods_and_says_a_sentence(host: Host, camera: SimulatedCamera) -> None:
    check = host.run("check", "--speak")
    assert check.returncode == 0
    assert "was played" in line(check, "camera default speaker")
    [sound] = camera.state.sounds
    assert (sound.complete, sound.encoding) == (True, "Audio/G.711A")
    turns = [(command.action, command.code) for command in camera.state.ptz_commands]
    assert turns == [("start", "Up"), ("stop", "Up"), ("start", "Down"), ("stop", "Down")]


def test_what_is_switched_off_is_not_asked_for(host: Host, camera: SimulatedCamera, proxy: CloudProxy) -> None:
    check = host.run("check", "--speak", SPEECH="off", CAMERA_NOD="false")
    assert check.returncode == 0
    for name in ("Polly", "camera default nod", "camera default speaker"):
        assert "switched off" in line(check, name)
    assert (proxy.calls("SynthesizeSpeech"), camera.state.sounds, camera.state.ptz_commands) == ([], [], [])


def test_a_message_that_waits_is_not_taken(host: Host, account: Account) -> None:
    account.press()
    check = host.run("check")
    assert "not proven" in line(check, "queue receive")
    assert account.visible() == 1


def test_what_is_missing_in_aws_is_named_with_its_setting(host: Host) -> None:
    check = host.run("check", QUEUE_NAME="no-queue", BUCKET_NAME="no-bucket", TABLE_NAME="no-table")
    assert check.returncode == 1
    for name, setting in {"queue": "QUEUE_NAME", "bucket": "BUCKET_NAME", "table": "TABLE_NAME"}.items():
        assert line(check, name).startswith("failed")
        assert setting in line(check, name)


def test_a_queue_without_dead_letters_another_visibility_and_a_public_bucket_are_told(
    host: Host, account: Account
) -> None:
    plain = f"{account.resources.queue}-plain"
    account.sqs.create_queue(QueueName=plain, Attributes={"VisibilityTimeout": "600"})
    bucket = account.resources.bucket
    account.s3.delete_public_access_block(Bucket=bucket)
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    account.s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [everybody]}))
    check = host.run("check", QUEUE_NAME=plain)
    assert check.returncode == 1
    assert line(check, "dead-letter queue").startswith("failed")
    assert "600 s do not count" in line(check, "visibility")
    assert line(check, "bucket is private").startswith("failed")


def test_a_table_with_other_keys_fails(host: Host, account: Account) -> None:
    name = f"{account.resources.table}-other"
    account.dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    check = host.run("check", TABLE_NAME=name)
    assert line(check, "table").startswith("failed")
    assert "camera (String, partition) and capture_id (String, sort)" in line(check, "table")


def test_every_mistake_in_the_settings_is_a_line(host: Host) -> None:
    check = host.run("check", BUCKET_NAME="", CAMERA_HOST="a/b")
    assert check.returncode == 1
    lines = check.stdout.splitlines()
    assert [text.split()[:3] for text in lines] == [
        ["failed", "settings:", "BUCKET_NAME:"],
        ["failed", "settings:", "CAMERA_HOST:"],
    ]


def test_a_wrong_password_costs_one_login_a_check_and_the_rest_is_counted(host: Host, camera: SimulatedCamera) -> None:
    never_let_in = host.run("check", CAMERA_PASSWORD=WRONG)
    assert (never_let_in.returncode, camera.state.logins.refused) == (1, 1)
    assert "after five" in line(never_let_in, "camera default")
    assert host.run("check").returncode == 0
    for left in (4, 3):
        check = host.run("check", CAMERA_PASSWORD=WRONG)
        assert line(check, "camera default").startswith("failed")
        assert f"at most {left} more before it locks" in line(check, "camera default")
        assert not any(secret in check.stdout + check.stderr for secret in (WRONG, PASSWORD))
    assert camera.state.logins.refused == 3
    assert len(camera.state.snapshots) == 1


def test_a_successful_check_closes_the_breaker_of_a_worker_that_runs(
    host: Host, account: Account, camera: SimulatedCamera
) -> None:
    host.start(SPEECH="off")
    camera.state.logins.change_password("changed under way")
    account.press()
    [refused] = account.ended()
    assert refused["status"] == "failed"
    camera.state.logins.change_password(PASSWORD)
    account.press()
    assert [record["status"] for record in account.ended(2)] == ["failed", "failed"]

    assert host.run("check").returncode == 0
    account.press()
    assert [record["status"] for record in account.ended(3)] == ["failed", "failed", "completed"]


def test_a_camera_that_is_down_is_one_failing_line(host: Host, camera: SimulatedCamera) -> None:
    camera.state.faults.connection = ConnectionFault.RESETS
    check = host.run("check")
    assert check.returncode == 1
    lines = [text for text in check.stdout.splitlines() if text[8:].startswith("camera ")]
    assert len(lines) == 1
    assert "no answer from the camera" in lines[0]


def test_a_photo_that_is_cut_off_fails_and_no_ptz_warns(host: Host, camera: SimulatedCamera) -> None:
    camera.state.faults.snapshot = SnapshotFault.TRUNCATED
    camera.state.faults.ptz = PtzFault.ABSENT
    check = host.run("check")
    assert check.returncode == 1
    assert "cut off" in line(check, "camera default photo")
    assert line(check, "camera default nod").startswith("warning")
    assert "CAMERA_NOD=false" in line(check, "camera default nod")


def test_a_volume_of_0_fails_and_a_camera_without_a_speaker_fails_when_it_should_speak(
    host: Host, camera: SimulatedCamera
) -> None:
    camera.state.volume = 0
    silent = host.run("check")
    assert (silent.returncode, "its volume is 0" in line(silent, "camera default speaker")) == (1, True)
    camera.state.volume = 50
    camera.state.faults.speaker = SpeakerFault.ABSENT
    denied = host.run("check")
    assert (denied.returncode, line(denied, "camera default speaker").split()[0]) == (0, "warning")
    aloud = host.run("check", "--speak")
    assert (aloud.returncode, "knows no speaker" in line(aloud, "camera default speaker")) == (1, True)


def test_what_a_camera_says_of_itself_is_not_obeyed_by_the_terminal(host: Host, camera: SimulatedCamera) -> None:
    camera.state.identity = replace(camera.state.identity, device_type="IP2M\x1b[31m")
    check = host.run("check")
    assert "IP2M\\x1b[31m" in line(check, "camera default")
    assert "\x1b" not in check.stdout


def test_without_any_way_to_aws_the_camera_is_still_looked_at(host: Host) -> None:
    check = host.run("check", AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert check.returncode == 1
    assert "AWS has not answered" in line(check, "clock")
    assert line(check, "camera default photo").startswith("ok")
