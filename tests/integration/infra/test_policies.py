"""Function and worker do their work with exactly their own policies, which moto enforces."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from botocore.exceptions import ClientError
from werkzeug.exceptions import NotFound
from werkzeug.serving import make_server

from demo.camera import SimulatedCamera
from demo.program import Entry, Program
from infra.package import pack
from localcloud.gateway import Gateway
from localcloud.polly import Polly
from localcloud.queues import Queues
from localcloud.rekognition import Rekognition, S3Object
from localcloud.vision import FaceAnalyser
from localcloud.voice import Voice
from tests.infra.conftest import ROOT
from tests.integration.infra.conftest import Cloud
from tests.integration.infra.stack import create, enforce_iam, keys_of, unused_name, variables
from worker.domain.press import Press
from worker.domain.record import MESSAGE_LIFE

PASSWORD = "secret"
NOW = datetime.now(UTC)
DENIED = r"AccessDenied|\(403\)"

PRESS = """
import json, sys
from lambda_trigger.handler import handler
class Context: aws_request_id = "8f5d2c1e-3b4a-4c6d-9e7f-0a1b2c3d4e5f"
handler(json.load(sys.stdin), Context)
"""


@pytest.fixture
def enforcing(cloud: Cloud) -> Iterator[Cloud]:
    """Not yet: the test begins it when its stack and keys are there."""
    yield cloud
    enforce_iam(cloud, after_calls=inf)


def test_the_packed_function_presses_with_its_own_policy_and_may_do_nothing_else(
    enforcing: Cloud, tmp_path: Path
) -> None:
    outputs = create(enforcing, tmp_path, unused_name())
    function = enforcing.client("lambda").get_function_configuration(FunctionName=outputs["FunctionArn"])
    keys = keys_with_policies_of(enforcing, function["Role"].rpartition("/")[2])
    enforce_iam(enforcing)

    press(enforcing, tmp_path, as_environment(keys) | variables(function))

    for service, call, arguments in (
        ("sqs", "receive_message", {"QueueUrl": outputs["QueueUrl"]}),
        ("sqs", "purge_queue", {"QueueUrl": outputs["QueueUrl"]}),
        ("sqs", "send_message", {"QueueUrl": outputs["DeadLetterQueueUrl"], "MessageBody": "TakePicture"}),
        ("s3", "list_objects_v2", {"Bucket": outputs["BucketName"]}),
        ("dynamodb", "scan", {"TableName": outputs["TableName"]}),
    ):
        with pytest.raises(ClientError, match=DENIED):
            getattr(enforcing.client(service, **keys), call)(**arguments)


def test_the_worker_forgets_with_its_own_policy(enforcing: Cloud, tmp_path: Path) -> None:
    outputs = create(enforcing, tmp_path, unused_name())
    queue, bucket, table = (outputs[name] for name in ("QueueUrl", "BucketName", "TableName"))
    keys = keys_with_policy(enforcing, outputs["WorkerPolicyArn"], "forgetting-worker")
    seen = [Press("default", "old", NOW - 2 * MESSAGE_LIFE), Press("default", "new", NOW - timedelta(minutes=5))]
    for press in seen:
        record = {"camera": press.camera, "capture_id": press.capture_id, "status": "completed", "said": "Hm."}
        item = {name: {"S": value} for name, value in record.items()}
        enforcing.client("dynamodb").put_item(TableName=table, Item=item)
        enforcing.client("s3").put_object(Bucket=bucket, Key=press.image_key, Body=b"photo")
    for press in seen:
        body = json.dumps({"command": "Forget", "capture_id": press.capture_id})
        enforcing.client("sqs").send_message(QueueUrl=queue, MessageBody=body)

    enforce_iam(enforcing)
    with SimulatedCamera(photos=ROOT / "demo/photos", password=PASSWORD) as camera:
        stack = {"QUEUE_URL": queue, "BUCKET_NAME": bucket, "TABLE_NAME": table}
        house = {"CAMERA_HOST": camera.host, "CAMERA_PASSWORD": PASSWORD, "DATA_DIR": str(tmp_path / "data")}
        cloud = enforcing.environment(tmp_path) | as_environment(keys)
        log = work(cloud | stack | house | {"SPEECH": "off"}, tmp_path, jobs=len(seen))
    assert [entry for entry in log if entry["level"] in {"error", "critical"}] == []

    enforce_iam(enforcing, after_calls=inf)
    assert "Contents" not in enforcing.client("s3").list_objects_v2(Bucket=bucket)
    items = enforcing.client("dynamodb").scan(TableName=table)["Items"]
    [stub] = [item for item in items if "command" not in item]
    assert (stub["capture_id"]["S"], stub["status"]["S"]) == (seen[1].capture_id, "forgotten")
    assert [item["status"]["S"] for item in items if "command" in item] == ["completed", "completed"]


def keys_with_policies_of(cloud: Cloud, role: str) -> dict[str, str]:
    """A user who may do what the role may: moto cannot enforce the inline policies of a role made by a stack."""
    iam = cloud.client("iam")
    iam.create_user(UserName="function")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        # Of such a policy, moto hands out Python's repr instead of JSON.
        iam.put_user_policy(UserName="function", PolicyName=name, PolicyDocument=json.dumps(ast.literal_eval(document)))
    return keys_of(cloud, "function")


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


def test_the_worker_does_a_whole_job_with_its_own_policy_and_may_do_nothing_else(
    enforcing: Cloud, tmp_path: Path
) -> None:
    outputs = create(enforcing, tmp_path, unused_name())
    keys = keys_with_policy(enforcing, outputs["WorkerPolicyArn"])
    enforcing.client("sqs").send_message(QueueUrl=outputs["QueueUrl"], MessageBody="TakePicture")

    enforce_iam(enforcing)
    with rekognition_and_polly() as looking, SimulatedCamera(photos=ROOT / "demo/photos", password=PASSWORD) as camera:
        log = work(
            enforcing.environment(tmp_path)
            | as_environment(keys)
            | {
                "AWS_ENDPOINT_URL_REKOGNITION": looking,
                "AWS_ENDPOINT_URL_POLLY": looking,
                "QUEUE_URL": outputs["QueueUrl"],
                "BUCKET_NAME": outputs["BucketName"],
                "TABLE_NAME": outputs["TableName"],
                "CAMERA_HOST": camera.host,
                "CAMERA_PASSWORD": PASSWORD,
                "DATA_DIR": str(tmp_path / "data"),
            },
            tmp_path,
        )
    assert [entry for entry in log if entry["level"] in {"warning", "error", "critical"}] == []

    for service, call, arguments in (
        ("sqs", "purge_queue", {"QueueUrl": outputs["QueueUrl"]}),
        ("sqs", "receive_message", {"QueueUrl": outputs["DeadLetterQueueUrl"]}),
        ("s3", "list_objects_v2", {"Bucket": outputs["BucketName"]}),
        ("s3", "put_object", {"Bucket": outputs["BucketName"], "Key": "elsewhere/1.jpg", "Body": b""}),
        ("dynamodb", "scan", {"TableName": outputs["TableName"]}),
    ):
        with pytest.raises(ClientError, match=DENIED):
            getattr(enforcing.client(service, **keys), call)(**arguments)

    enforce_iam(enforcing, after_calls=inf)
    (record,) = enforcing.client("dynamodb").scan(TableName=outputs["TableName"])["Items"]
    assert (record["status"]["S"], record["speech"]["S"]) == ("completed", "spoken")
    enforcing.client("s3").head_object(Bucket=outputs["BucketName"], Key=record["image_key"]["S"])
    assert left_on(enforcing, outputs["QueueUrl"]) == 0


@pytest.mark.parametrize("actions", ["off", "on"])
def test_the_board_reads_with_its_own_policy_and_sends_only_where_it_may(
    enforcing: Cloud, tmp_path: Path, actions: str
) -> None:
    outputs = create(enforcing, tmp_path, unused_name(), Board="on", BoardActions=actions)
    queue, bucket, table = (outputs[name] for name in ("QueueUrl", "BucketName", "TableName"))
    seen = {"camera": {"S": "lobby"}, "capture_id": {"S": "2026-11-22T18:44:00.123Z#6f1c"}}
    enforcing.client("dynamodb").put_item(TableName=table, Item=seen)
    enforcing.client("s3").put_object(Bucket=bucket, Key="captures/lobby/1.jpg", Body=b"photo")
    keys = keys_with_policy(enforcing, outputs["BoardPolicyArn"], f"board-{actions}")
    assert ("BoardActionsPolicyArn" in outputs) == (actions == "on")
    if actions == "on":
        enforcing.client("iam").attach_user_policy(UserName="board-on", PolicyArn=outputs["BoardActionsPolicyArn"])
    enforce_iam(enforcing)

    def call(service: str, operation: str, **arguments: object) -> Any:
        return getattr(enforcing.client(service, **keys), operation)(**arguments)

    assert call("dynamodb", "get_item", TableName=table, Key=seen)["Item"] == seen
    condition, value = "camera = :camera", {":camera": {"S": "lobby"}}
    found = call(
        "dynamodb", "query", TableName=table, KeyConditionExpression=condition, ExpressionAttributeValues=value
    )
    assert found["Items"] == [seen]
    assert call("s3", "get_object", Bucket=bucket, Key="captures/lobby/1.jpg")["Body"].read() == b"photo"

    forget = json.dumps({"command": "Forget", "camera": "lobby", "capture_id": seen["capture_id"]["S"]})
    denied: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("sqs", "receive_message", {"QueueUrl": queue}),
        ("sqs", "purge_queue", {"QueueUrl": queue}),
        ("sqs", "send_message", _message(outputs["DeadLetterQueueUrl"], forget)),
        ("s3", "delete_object", {"Bucket": bucket, "Key": "captures/lobby/1.jpg"}),
        ("s3", "put_object", {"Bucket": bucket, "Key": "captures/lobby/2.jpg", "Body": b""}),
        ("s3", "list_objects_v2", {"Bucket": bucket}),
        ("dynamodb", "delete_item", {"TableName": table, "Key": seen}),
        ("dynamodb", "update_item", {"TableName": table, "Key": seen}),
        ("dynamodb", "put_item", {"TableName": table, "Item": seen}),
        ("dynamodb", "scan", {"TableName": table}),
    )
    for service, operation, arguments in denied:
        with pytest.raises(ClientError, match=DENIED):
            call(service, operation, **arguments)
    with nullcontext() if actions == "on" else pytest.raises(ClientError, match=DENIED):
        call("sqs", "send_message", **_message(queue, forget))

    enforce_iam(enforcing, after_calls=inf)
    assert left_on(enforcing, queue) == (1 if actions == "on" else 0)


def _message(queue_url: str, body: str) -> dict[str, object]:
    return {"QueueUrl": queue_url, "MessageBody": body}


def keys_with_policy(cloud: Cloud, arn: str, user: str = "worker") -> dict[str, str]:
    """A user who has the managed policy. Of DynamoDB moto judges the action alone, as if done to every resource."""
    iam = cloud.client("iam")
    iam.create_user(UserName=user)
    iam.attach_user_policy(UserName=user, PolicyArn=arn)
    document = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"]
    (records,) = (statement for statement in document["Statement"] if statement["Sid"] == "Records")
    anywhere = {"Version": document["Version"], "Statement": [records | {"Resource": "*"}]}
    iam.put_user_policy(UserName=user, PolicyName="records", PolicyDocument=json.dumps(anywhere))
    return keys_of(cloud, user)


def work(environment: dict[str, str], folder: Path, jobs: int = 1) -> list[Entry]:
    """Runs the worker until it has done so many jobs and stopped; its log."""
    own = {"PYTHONPATH": str(ROOT), "LOG_FORMAT": "json"}
    with Program("worker", environment=environment | own, folder=folder) as worker:
        worker.wait_for("done", jobs)
        assert worker.stop() == 0, worker.output
        return worker.entries


def left_on(cloud: Cloud, queue_url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = cloud.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)


def as_environment(keys: dict[str, str]) -> dict[str, str]:
    return {name.upper(): key for name, key in keys.items()}


@contextmanager
def rekognition_and_polly() -> Iterator[str]:
    """Where the local cloud's own answer; moto has neither, so nobody checks who asks them."""
    absent = NotFound()
    gateway = Gateway(absent, Queues(absent), Rekognition(FaceAnalyser(), no_object), Polly(Voice()))
    server = make_server("127.0.0.1", 0, gateway, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def no_object(reference: S3Object, _limit: int) -> bytes:
    raise AssertionError(f"a small photo was looked for in S3: {reference}")
