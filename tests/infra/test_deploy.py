import ast
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from infra.package import PACKAGE, pack
from infra.parameters import parameters
from tests.infra.conftest import REGION, ROOT, TEMPLATE, Cloud

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


def create(cloud: Cloud, folder: Path, **options: str) -> dict[str, str]:
    """Makes the stack from the template as it is; returns its outputs."""
    code, s3 = pack(folder), cloud.client("s3")
    s3.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.upload_file(str(code), "code", code.name)
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(
        StackName=STACK,
        TemplateBody=TEMPLATE.read_text(),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in {"CodeBucket": "code", "CodeKey": code.name, **options}.items()
        ],
        Capabilities=["CAPABILITY_IAM"],
    )
    (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


@pytest.mark.parametrize("options", [{}, OPTIONS], ids=["defaults", "options"])
def test_the_template_deploys_from_a_clean_start_twice_in_a_row(
    cloud: Cloud, tmp_path: Path, options: dict[str, str]
) -> None:
    outputs = create(cloud, tmp_path, **options)
    cloud.client("cloudformation").delete_stack(StackName=STACK)
    assert cloud.client("sqs").list_queues().get("QueueUrls", []) == []
    cloud.client("s3").delete_object(Bucket="code", Key=pack(tmp_path).name)
    cloud.client("s3").delete_bucket(Bucket="code")
    again = create(cloud, tmp_path, **options)
    assert outputs["QueueUrl"] == again["QueueUrl"]


def test_a_command_that_is_received_too_often_becomes_a_dead_letter(cloud: Cloud, tmp_path: Path) -> None:
    outputs, sqs = create(cloud, tmp_path), cloud.client("sqs")
    sqs.send_message(QueueUrl=outputs["QueueUrl"], MessageBody="TakePicture")
    for _ in range(6):
        received = sqs.receive_message(QueueUrl=outputs["QueueUrl"], VisibilityTimeout=0, WaitTimeSeconds=0)
    assert "Messages" not in received
    (dead,) = sqs.receive_message(QueueUrl=outputs["DeadLetterQueueUrl"], WaitTimeSeconds=0)["Messages"]
    assert dead["Body"] == "TakePicture"


PRESS = """
import json, sys
from lambda_trigger.handler import handler
class Context: aws_request_id = "8f5d2c1e-3b4a-4c6d-9e7f-0a1b2c3d4e5f"
handler(json.load(sys.stdin), Context)
"""


def test_the_packed_function_presses_with_its_own_policy_and_may_do_nothing_else(cloud: Cloud, tmp_path: Path) -> None:
    outputs = create(cloud, tmp_path)
    function = cloud.client("lambda").get_function_configuration(FunctionName=outputs["FunctionArn"])
    keys = keys_with_policies_of(cloud, function["Role"].rpartition("/")[2])
    enforce_iam(cloud)

    press(cloud, tmp_path, {name.upper(): key for name, key in keys.items()} | variables(function))

    for service, call, arguments in (
        ("sqs", "receive_message", {"QueueUrl": outputs["QueueUrl"]}),
        ("sqs", "purge_queue", {"QueueUrl": outputs["QueueUrl"]}),
        ("sqs", "send_message", {"QueueUrl": outputs["DeadLetterQueueUrl"], "MessageBody": "TakePicture"}),
        ("s3", "list_objects_v2", {"Bucket": outputs["BucketName"]}),
        ("dynamodb", "scan", {"TableName": outputs["TableName"]}),
    ):
        with pytest.raises(ClientError, match=r"AccessDenied|\(403\)"):
            getattr(cloud.client(service, **keys), call)(**arguments)


def keys_with_policies_of(cloud: Cloud, role: str) -> dict[str, str]:
    """A user who may do what the role may: moto cannot enforce the inline policies of a role made by a stack."""
    iam = cloud.client("iam")
    iam.create_user(UserName="function")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        # Of such a policy, moto hands out Python's repr instead of JSON.
        iam.put_user_policy(UserName="function", PolicyName=name, PolicyDocument=json.dumps(ast.literal_eval(document)))
    key = iam.create_access_key(UserName="function")["AccessKey"]
    return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def variables(function: Any) -> dict[str, str]:
    return {name: str(value) for name, value in function["Environment"]["Variables"].items()}


def enforce_iam(cloud: Cloud) -> None:
    """From now on moto checks every call against the caller's policies."""
    requests.post(f"{cloud.endpoint}/moto-api/reset-auth", data="0", timeout=5).raise_for_status()


def press(cloud: Cloud, folder: Path, environment: dict[str, str]) -> None:
    """A 1-Click event, in a process that has the zip file and the environment of the function, and nothing else."""
    event = ROOT / "tests/fixtures/events/1-click-single.json"
    done = subprocess.run(
        [sys.executable, "-c", PRESS],
        check=False,
        capture_output=True,
        cwd=folder,
        env=cloud.environment(folder) | environment | {"PYTHONPATH": str(pack(folder))},
        input=event.read_text(),
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["action"] == "queued"


def test_the_same_sources_make_the_same_package(tmp_path: Path) -> None:
    first, second = pack(tmp_path), pack(tmp_path)
    assert first == second
    with zipfile.ZipFile(first) as archive:
        assert set(archive.namelist()) == {f"lambda_trigger/{source.name}" for source in PACKAGE.glob("*.py")}


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
    assert cloud.client("s3").list_buckets()["Buckets"] == []
    assert cloud.client("sqs").list_queues().get("QueueUrls", []) == []


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
    create(cloud, tmp_path)
    assert script(cloud, tmp_path, "destroy.sh", STACK).returncode == 1
    assert cloud.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
