"""The command line itself: usage, version, names, and who closes the pipe."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import worker
from worker.commands.cli import COMMANDS, NOBODY_READS, main

ROOT = Path(__file__).parents[3]
CAPTURE = "2026-11-22T18:44:00.123Z#6f1c"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    # Nobody listens there.
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")


def misused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    return capsys.readouterr().err


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"camera-to-voice {worker.__version__}\n"
    assert worker.__version__ == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


@pytest.mark.parametrize("value", ["0", "-1", "many", "3601", "1.5", "٣", "9" * 5000])
@pytest.mark.parametrize(
    ("arguments", "bounds"),
    [
        (["results", "--limit"], "1 to 1000"),
        (["press", "--wait", "--timeout"], "1 to 3600"),
        (["watch", "--minutes"], "1 to 480"),
    ],
)
def test_a_number_out_of_bounds_is_answered_in_plain_words(
    arguments: list[str], bounds: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = misused([*arguments, value], capsys)
    assert f"argument {arguments[-1]}: must be a whole number from {bounds}\n" in said


@pytest.mark.parametrize(
    "arguments",
    [["dance"], ["press", "--loud"], ["forget"], ["results", "lobby"], ["watch", "--stop", "--minutes", "5"]],
)
def test_what_is_no_command_or_option_exits_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert "usage: python -m worker" in misused(arguments, capsys)


def test_output_is_for_a_photo_or_a_clip(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["results", "--output", "photo.jpg"]) == 2
    assert "--photo CAPTURE_ID and --clip CAPTURE_ID" in capsys.readouterr().err


def test_a_photo_and_a_clip_are_saved_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert "not allowed with" in misused(["results", "--photo", CAPTURE, "--clip", CAPTURE], capsys)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([name, "--help"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: python -m worker {name}")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["two\nlines"], "one line"),
        ([""], "0 characters"),
        (["x" * 501], "501 characters"),
        (["\udcff"], "one line"),
        (["Dinner", "--voice", "Jo anna"], "Joanna"),
        (["<speak>Dinner", "--ssml"], "SSML does not parse"),
    ],
)
def test_what_cannot_be_said_is_not_queued(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["say", *arguments]) == 2
    said = capsys.readouterr().err
    assert said.startswith("not queued: ")
    assert reason in said


class TestAPressForACamera:
    def test_that_this_host_does_not_know_is_refused_with_those_it_knows(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "cameras.toml").write_text("[lobby]\n[shop-window]\n")
        monkeypatch.setenv("CAMERAS_FILE", "cameras.toml")
        assert main(["press", "--camera", "nope"]) == 2
        assert capsys.readouterr().err == "not queued: there is no camera nope; known are lobby, shop-window\n"

    def test_of_another_name_than_the_only_one_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("CAMERA_NAME", "lobby")
        assert main(["press", "--camera", "nope"]) == 2
        assert "known are lobby" in capsys.readouterr().err

    def test_passes_where_this_host_knows_none(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["press", "--camera", "nope"]) == 1
        assert capsys.readouterr().err.startswith("not queued: sqs:GetQueueUrl: ")

    def test_whose_name_can_be_none_is_refused_anyway(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["press", "--camera", "\x1b[2J"]) == 2
        assert "\x1b" not in capsys.readouterr().err


def test_waiting_needs_the_table_and_says_so_before_it_presses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["press", "--wait"]) == 2
    assert "  TABLE_NAME: not set" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--photo", "nothing"], ["--clip", "nothing"], ["--photo", CAPTURE, "--camera", "../up"]]
)
def test_what_can_be_no_capture_is_no_photo_of_one(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["results", *arguments]) == 2
    assert "is no " in capsys.readouterr().err


def test_what_boto3_cannot_use_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TABLE_NAME", "captures")
    monkeypatch.setenv("AWS_DEFAULTS_MODE", "best")
    assert main(["results"]) == 1
    assert capsys.readouterr().err.startswith("no results: AWS: ")


@pytest.mark.parametrize(
    "variable", [{"AWS_DEFAULTS_MODE": "best"}, {"AWS_CONFIG_FILE": "config", "AWS_PROFILE": "lan"}]
)
def test_check_tells_it_as_a_line_and_still_looks_at_the_camera(
    variable: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config").write_text(f"[profile lan]\ncredential_process = {tmp_path}/no-such-helper\n")
    camera = {"CAMERA_HOST": "127.0.0.1:9", "CAMERA_PASSWORD": "x", "DATA_DIR": str(tmp_path / "data")}
    keys = {} if "AWS_PROFILE" in variable else {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    for name, value in {"TABLE_NAME": "captures", "BUCKET_NAME": "captures", **camera, **keys, **variable}.items():
        monkeypatch.setenv(name, value)
    assert main(["check"]) == 1
    failed = [line[8:].split(":")[0] for line in capsys.readouterr().out.splitlines() if line.startswith("failed")]
    assert failed == ["AWS credentials" if "AWS_PROFILE" in variable else "AWS", "camera default"]


def test_a_doubtful_variable_is_a_warning_of_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLY_VOICE", "hunter2")
    assert main(["check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "warning settings: POLY_VOICE: no setting has this name; did you mean POLLY_VOICE?" in lines
    assert {line.split()[0] for line in lines} == {"failed", "warning"}


@pytest.mark.parametrize(("speech", "warnings"), [("on", 1), ("off", 0)])
def test_a_voice_of_another_language_is_a_warning_of_check_where_something_is_said(
    speech: str, warnings: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {
        "TABLE_NAME": "captures",
        "BUCKET_NAME": "captures",
        "CAMERA_HOST": "127.0.0.1:9",
        "CAMERA_PASSWORD": "x",
        "DATA_DIR": str(tmp_path / "data"),
        "AWS_DEFAULTS_MODE": "best",
        "SPEECH": speech,
        "SPEECH_LANGUAGE": "de",
        "POLLY_VOICE": "Joanna",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert main(["check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if line.startswith("warning language: Joanna speaks en-US, ")]) == warnings


def test_who_stops_reading_ends_it_quietly(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "AWS_REGION": "eu-west-1"}
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "worker", "check"],
        stdout=writing,
        stderr=subprocess.PIPE,
        env=environ,
        check=False,
        cwd=tmp_path,
        timeout=30,
        text=True,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (NOBODY_READS, "")


def test_only_the_command_that_is_asked_for_is_imported() -> None:
    asked = "import sys; from worker.commands.cli import main; main(['health']); print(*sys.modules)"
    command = [sys.executable, "-c", asked]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True, cwd=ROOT)
    modules = done.stdout.split()
    assert "worker.commands.health" in modules
    assert not {"worker.commands.press", "worker.settings", "boto3", "pydantic"} & set(modules)
