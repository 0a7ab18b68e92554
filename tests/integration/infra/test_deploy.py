import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.package import PACKAGE, pack
from infra.parameters import parameters
from tests.infra.conftest import REGION, ROOT
from tests.integration.infra.conftest import Cloud
from tests.integration.infra.stack import create, unused_name, variables

STACK = "take-picture"
OPTIONS = {
    "ButtonTopic": "zigbee2mqtt/+",
    "DeviceCameras": "lobby_button=lobby,door_button=door",
    "AlexaSkillId": "amzn1.ask.skill.0000",
    "AlexaWaitSeconds": "5",
    "Schedule": "rate(1 hour)",
    "AlarmEmail": "somebody@example.org",
    "ReservedConcurrency": "2",
}


@pytest.mark.parametrize("options", [{}, OPTIONS], ids=["defaults", "options"])
def test_the_template_deploys_from_a_clean_start_twice_in_a_row(
    cloud: Cloud, tmp_path: Path, options: dict[str, str]
) -> None:
    name = unused_name()
    outputs = create(cloud, tmp_path, name, **options)
    cloud.client("cloudformation").delete_stack(StackName=name)
    assert queues(cloud, name) == []
    cloud.client("s3").delete_object(Bucket=f"{name}-code", Key=pack(tmp_path).name)
    cloud.client("s3").delete_bucket(Bucket=f"{name}-code")
    again = create(cloud, tmp_path, name, **options)
    assert outputs["QueueUrl"] == again["QueueUrl"]


def test_a_command_that_is_received_too_often_becomes_a_dead_letter(cloud: Cloud, tmp_path: Path) -> None:
    outputs, sqs = create(cloud, tmp_path, unused_name()), cloud.client("sqs")
    sqs.send_message(QueueUrl=outputs["QueueUrl"], MessageBody="TakePicture")
    for _ in range(6):
        received = sqs.receive_message(QueueUrl=outputs["QueueUrl"], VisibilityTimeout=0, WaitTimeSeconds=0)
    assert "Messages" not in received
    (dead,) = sqs.receive_message(QueueUrl=outputs["DeadLetterQueueUrl"], WaitTimeSeconds=0)["Messages"]
    assert dead["Body"] == "TakePicture"


def test_the_same_sources_make_the_same_package(tmp_path: Path) -> None:
    first, second = pack(tmp_path), pack(tmp_path)
    assert first == second
    with zipfile.ZipFile(first) as archive:
        packed = set(archive.namelist())
    languages = {f"lambda_trigger/languages/{file.name}" for file in PACKAGE.glob("languages/*")}
    assert packed == {f"lambda_trigger/{source.name}" for source in PACKAGE.glob("*.py")} | languages


def test_the_packed_function_answers_alexa_in_her_language(tmp_path: Path) -> None:
    with zipfile.ZipFile(pack(tmp_path)) as archive:
        archive.extractall(tmp_path / "task")
    say = "from lambda_trigger.answers import answers; print(answers('de-DE').goodbye)"
    ran = subprocess.run(
        [sys.executable, "-c", say], cwd=tmp_path / "task", env={}, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "Bis bald.\n"


def test_a_parameter_keeps_its_value_until_another_is_given() -> None:
    declared: list[dict[str, Any]] = [
        {"ParameterKey": "CodeKey"},
        {"ParameterKey": "CameraName", "DefaultValue": "default"},
        {"ParameterKey": "RetentionDays", "DefaultValue": 30},
        {"ParameterKey": "Schedule", "DefaultValue": ""},
    ]
    present = [
        {"ParameterKey": "CameraName", "ParameterValue": "yard"},
        {"ParameterKey": "Schedule", "ParameterValue": "rate(1 day)"},
        {"ParameterKey": "Dropped", "ParameterValue": "by the template"},
    ]
    assert parameters(declared, present, ["Schedule=rate(1 hour)", "DeviceCameras=a=b,c=d"]) == [
        {"ParameterKey": "CameraName", "ParameterValue": "yard"},
        {"ParameterKey": "RetentionDays", "ParameterValue": "30"},
        {"ParameterKey": "Schedule", "ParameterValue": "rate(1 hour)"},
        {"ParameterKey": "DeviceCameras", "ParameterValue": "a=b,c=d"},
    ]


def script(cloud: Cloud, folder: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "infra" / name, *arguments],
        check=False,
        capture_output=True,
        cwd=folder,
        env=cloud.environment(folder),
        text=True,
    )


def test_deploy_and_destroy_do_their_work(cloud: Cloud, tmp_path: Path) -> None:
    deployed = script(cloud, tmp_path, "deploy.sh", STACK, "CameraName=yard", "DeviceCameras=a=b,c=d")
    assert deployed.returncode == 0, deployed.stderr
    written = (tmp_path / ".env").read_text()
    env = dict(line.split("=", 1) for line in written.splitlines())
    assert env.keys() == {
        "AWS_DEFAULT_REGION",
        "QUEUE_URL",
        "BUCKET_NAME",
        "TABLE_NAME",
        "CAMERA_NAME",
        "RETENTION_DAYS",
    }
    assert (env["AWS_DEFAULT_REGION"], env["CAMERA_NAME"], env["RETENTION_DAYS"]) == (REGION, "yard", "30")
    assert cloud.client("sqs").get_queue_url(QueueName=STACK)["QueueUrl"]
    cloud.client("s3").put_object(Bucket=env["BUCKET_NAME"], Key="captures/yard/1.jpg", Body=b"\xff\xd8")

    changed = script(cloud, tmp_path, "deploy.sh", STACK, "CameraName=lobby")
    assert changed.returncode == 0, changed.stderr
    assert "There is an .env already" in changed.stdout
    assert "CAMERA_NAME=lobby" in changed.stdout
    assert deployed_cameras(cloud) == ("lobby", "a=b,c=d")

    unchanged = script(cloud, tmp_path, "deploy.sh", STACK)
    assert unchanged.returncode == 0, unchanged.stderr
    assert deployed_cameras(cloud) == ("lobby", "a=b,c=d")
    assert (tmp_path / ".env").read_text() == written

    destroyed = script(cloud, tmp_path, "destroy.sh", "--yes", STACK)
    assert destroyed.returncode == 0, destroyed.stderr
    assert [bucket for bucket in cloud.client("s3").list_buckets()["Buckets"] if STACK in bucket["Name"]] == []
    assert queues(cloud, STACK) == []


@pytest.fixture
def another_accounts_bucket(cloud: Cloud) -> Iterator[str]:
    """Of the name that deploy.sh would choose; its owner lets everybody write to it."""
    account, name = cloud.client("sts").get_caller_identity()["Account"], unused_name()
    bucket = f"{name}-code-{account}-{REGION}"
    s3 = cloud.client("s3")
    s3.meta.events.register("before-send", as_another_account)
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    yield name
    s3.delete_bucket(Bucket=bucket)


def as_another_account(request: Any, **_: object) -> None:
    request.headers["x-moto-account-id"] = "111111111111"


def test_deploy_puts_no_code_into_somebody_elses_bucket(
    cloud: Cloud, tmp_path: Path, another_accounts_bucket: str
) -> None:
    refused = script(cloud, tmp_path, "deploy.sh", another_accounts_bucket)
    assert refused.returncode == 1
    assert "is not of the account" in refused.stderr
    assert "put-object" not in refused.stderr
    assert queues(cloud, another_accounts_bucket) == []


def test_destroy_deletes_nothing_in_somebody_elses_bucket(
    cloud: Cloud, tmp_path: Path, another_accounts_bucket: str
) -> None:
    create(cloud, tmp_path, another_accounts_bucket)
    refused = script(cloud, tmp_path, "destroy.sh", "--yes", another_accounts_bucket)
    assert refused.returncode == 1
    assert "is not of the account" in refused.stderr
    assert " rb " not in refused.stderr


def test_destroy_goes_on_where_the_code_is_gone_already(cloud: Cloud, tmp_path: Path) -> None:
    name = unused_name()
    create(cloud, tmp_path, name)
    destroyed = script(cloud, tmp_path, "destroy.sh", "--yes", name)
    assert destroyed.returncode == 0, destroyed.stderr
    assert queues(cloud, name) == []


def queues(cloud: Cloud, stack: str) -> list[str]:
    found: list[str] = cloud.client("sqs").list_queues(QueueNamePrefix=stack).get("QueueUrls", [])
    return found


def deployed_cameras(cloud: Cloud) -> tuple[str, str]:
    environment = variables(cloud.client("lambda").get_function_configuration(FunctionName=f"{STACK}-press"))
    return environment["CAMERA_NAME"], environment["DEVICE_CAMERAS"]


@pytest.mark.parametrize("name", ["deploy.sh", "destroy.sh"])
def test_a_dry_run_prints_the_calls_and_makes_none(tmp_path: Path, name: str) -> None:
    nowhere = Cloud("http://127.0.0.1:1")
    printed = script(nowhere, tmp_path, name, "--dry-run", STACK)
    assert printed.returncode == 0, printed.stderr
    calls = [line for line in printed.stderr.splitlines() if line.startswith("+ aws ")]
    assert len(calls) >= 6
    assert any(f"-stack --stack-name {STACK}" in call for call in calls)
    assert not (tmp_path / ".env").exists()


@pytest.mark.parametrize("arguments", [[], ["Upper"], ["a_b"], [STACK, "CameraName"], ["--force", STACK]])
def test_deploy_refuses_bad_usage(tmp_path: Path, arguments: list[str]) -> None:
    assert script(Cloud("http://127.0.0.1:1"), tmp_path, "deploy.sh", *arguments).returncode == 2


def test_destroy_asks_first(cloud: Cloud, tmp_path: Path) -> None:
    name = unused_name()
    create(cloud, tmp_path, name)
    assert script(cloud, tmp_path, "destroy.sh", name).returncode == 1
    assert cloud.client("cloudformation").describe_stacks(StackName=name)["Stacks"]


def user_lines(page: str) -> str:
    """What a page says to do for the worker's user."""
    (block,) = re.findall(
        r"```sh\n( *aws iam create-user --user-name take-picture-worker.*?)```", (ROOT / page).read_text(), re.DOTALL
    )
    return re.sub(r"^ +| +#.*$", "", block, flags=re.MULTILINE)


def test_the_readmes_lines_give_the_worker_its_policy_and_its_key(cloud: Cloud, tmp_path: Path) -> None:
    lines = user_lines("README.md")
    assert lines == user_lines("docs/credentials.md")
    for room in ("infra", "lambda_trigger"):
        (tmp_path / room).symlink_to(ROOT / room)
    done = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", lines],
        check=False,
        capture_output=True,
        cwd=tmp_path,
        # The older CLI does not read AWS_REGION.
        env=cloud.environment(tmp_path) | {"AWS_DEFAULT_REGION": REGION},
        text=True,
    )
    assert done.returncode == 0, done.stderr
    iam, user = cloud.client("iam"), "take-picture-worker"
    (policy,) = iam.list_attached_user_policies(UserName=user)["AttachedPolicies"]
    (key,) = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    credentials = tmp_path / "secrets" / "aws" / "credentials"
    assert "WorkerPolicy" in policy["PolicyName"]
    assert credentials.read_text().startswith(f"[default]\naws_access_key_id = {key['AccessKeyId']}\n")
    assert credentials.stat().st_mode & 0o077 == 0
    assert script(cloud, tmp_path, "destroy.sh", "--yes", STACK).returncode == 0
