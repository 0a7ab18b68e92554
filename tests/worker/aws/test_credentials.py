"""Credentials come from programs, files and services that fail in ways of their own: each is one plain line."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import boto3
import pytest

from worker.aws.clients import aws_session, connect, connect_dynamodb, connect_s3, connect_sqs
from worker.aws.errors import cloud_errors
from worker.domain.errors import CloudError, CloudRefused, CloudUnavailable

SECRET = "hunter2-secret"

Write = Callable[[str], None]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes the profile `lan` of AWS's config file, which counts from then on."""

    def write(lines: str) -> None:
        (tmp_path / "config").write_text(f"[profile lan]\nregion = eu-west-1\n{lines}\n")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        monkeypatch.setenv("AWS_PROFILE", "lan")

    return write


def helper(folder: Path, script: str) -> str:
    path = folder / "helper"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return f"credential_process = {path}"


def trouble() -> CloudError:
    with pytest.raises(CloudError) as raised:
        connect(aws_session())
    assert raised.value.__cause__ is not None
    assert SECRET not in str(raised.value)
    assert str(raised.value).isprintable()
    return raised.value


def test_a_helper_that_is_not_there_is_named_with_its_profile(config: Write, tmp_path: Path) -> None:
    config(f"credential_process = {tmp_path}/aws_signing_helper credential-process")
    error = trouble()
    assert isinstance(error, CloudUnavailable)
    assert f"{tmp_path}/aws_signing_helper" in str(error)
    assert "profile lan" in str(error)
    assert "credential_process" in str(error)


@pytest.mark.parametrize(
    "script",
    [
        "echo 'the certificate has expired' >&2; exit 1",
        f"echo {SECRET}",
        f"echo '[\"{SECRET}\"]'",
        f"echo '\"{SECRET}\"'",
        "printf '\\377'",
        "true",
        f'echo \'{{"Version": 7, "SecretAccessKey": "{SECRET}"}}\'',
        f'echo \'{{"Version": 1, "SecretAccessKey": "{SECRET}"}}\'',
        f'echo \'{{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "{SECRET}", "Expiration": "soon"}}\'',
        f'echo \'{{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "{SECRET}", "Expiration": 7}}\'',
        "printf 'two\\nlines' >&2; exit 3",
    ],
)
def test_a_helper_that_says_no_credentials_is_unavailable(config: Write, tmp_path: Path, script: str) -> None:
    config(helper(tmp_path, script))
    error = trouble()
    assert isinstance(error, CloudUnavailable)
    assert "profile lan" in str(error)


def test_a_helper_that_may_not_be_run_is_unavailable(config: Write, tmp_path: Path) -> None:
    line = helper(tmp_path, "true")
    (tmp_path / "helper").chmod(0o600)
    config(line)
    assert "ermission denied" in str(trouble())


def test_a_helper_whose_line_has_an_open_quote_is_unavailable(config: Write) -> None:
    config("credential_process = '/aws/helper")
    assert isinstance(trouble(), CloudUnavailable)


def test_a_helper_that_says_what_is_over_fails_the_call(config: Write, tmp_path: Path) -> None:
    over = '{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b", "Expiration": "2020-01-01T00:00:00Z"}'
    config(helper(tmp_path, f"echo '{over}'"))
    clients = connect(aws_session())
    with pytest.raises(CloudUnavailable, match="still expired"), cloud_errors("sqs:GetQueueUrl"):
        clients.sqs.get_queue_url(QueueName="q")
    (tmp_path / "helper").unlink()
    with pytest.raises(CloudUnavailable, match="sqs:GetQueueUrl: no AWS credentials"), cloud_errors("sqs:GetQueueUrl"):
        clients.sqs.get_queue_url(QueueName="q")


def test_a_token_file_that_is_not_there_is_unavailable(tmp_path: Path, config: Write) -> None:
    config(f"role_arn = arn:aws:iam::123456789012:role/r\nweb_identity_token_file = {tmp_path}/nowhere")
    session = aws_session()
    with pytest.raises(CloudUnavailable, match="nowhere"), cloud_errors("sqs:GetQueueUrl"):
        session.client("sqs").get_queue_url(QueueName="q")


class _RefusingSts(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def refusing_sts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _RefusingSts) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"http://127.0.0.1:{server.server_port}")
        yield
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("refusing_sts")
def test_a_role_that_may_not_be_assumed_is_no_missing_permission_of_the_call(config: Write, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("token")
    config(f"role_arn = arn:aws:iam::123456789012:role/r\nweb_identity_token_file = {tmp_path}/token")
    session = aws_session()
    with pytest.raises(CloudUnavailable) as raised, cloud_errors("sqs:GetQueueUrl"):
        session.client("sqs").get_queue_url(QueueName="q")
    assert "AssumeRoleWithWebIdentity" in str(raised.value)
    assert "the permission" not in str(raised.value)


def test_half_a_pair_in_the_credentials_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text("[default]\naws_access_key_id = a\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    error = trouble()
    assert isinstance(error, CloudRefused)
    assert "aws_secret_access_key" in str(error)


@pytest.mark.parametrize("make", [connect, connect_sqs, connect_s3, connect_dynamodb])
@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"AWS_REGION": "eu west 1"}, "eu west 1"),
        ({"AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": "cloud:4566"}, "cloud:4566"),
        ({"AWS_REGION": "eu-west-1", "AWS_RETRY_MODE": "often", "AWS_DEFAULTS_MODE": "best"}, "best"),
    ],
)
def test_boto3s_settings_that_cannot_be_used_are_told(
    make: Callable[[boto3.Session], object], variables: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "anyone")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CloudError, match=told):
        make(aws_session())


def test_no_region_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "anyone")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    assert "region" in str(trouble())
