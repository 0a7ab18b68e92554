from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.worker.settings.conftest import ENOUGH, SECRET, Complaints
from worker.commands.cli import main
from worker.settings import (
    MAX_CAMERAS,
    SETTINGS,
    CameraSettings,
    Configuration,
    SettingsError,
    camera_names,
    doubts,
    load_cameras,
    load_configuration,
)

Load = Callable[[Mapping[str, str]], Configuration]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    """Reads the configuration, in an empty folder."""

    def load_with(environ: Mapping[str, str]) -> Configuration:
        return load_configuration(environ)

    monkeypatch.chdir(tmp_path)
    return load_with


def mistakes_of(read: Callable[[], object]) -> list[str]:
    with pytest.raises(SettingsError) as error:
        read()
    assert SECRET not in str(error.value)
    assert error.value.__suppress_context__ or SECRET not in repr(error.value.__context__)
    return error.value.mistakes


def names_in(mistakes: list[str]) -> list[str]:
    return [mistake.partition(":")[0] for mistake in mistakes]


class TestTheEnvironment:
    def test_needs_to_say_little(self, load: Load) -> None:
        configuration = load(ENOUGH)
        worker, camera = configuration.worker, configuration.cameras["default"]
        assert (worker.queue_name, worker.concurrency, worker.visibility_seconds, worker.min_confidence) == (
            "take-picture",
            4,
            30,
            50,
        )
        assert (worker.analyses, worker.polly_voice, worker.polly_engine) == (frozenset({"faces"}), "Joanna", "neural")
        assert (camera.host, camera.username, camera.channel) == ("http://192.0.2.7", "admin", None)
        assert camera.password.get_secret_value() == SECRET
        assert (camera.nod, camera.speaker, camera.audio_format) == (True, True, "alaw")

    def test_counts_what_is_empty_as_unset(self, load: Load) -> None:
        empty = dict.fromkeys(("QUEUE_NAME", "QUEUE_URL", "CAMERAS_FILE", "CAMERA_CHANNEL", "PHRASES_FILE"), "")
        empty |= dict.fromkeys(("MIN_CONFIDENCE", "DATA_DIR", "SPEECH", "CAMERA_PASSWORD_FILE", "LOG_LEVEL"), "")
        assert load({**ENOUGH, **empty}).worker.queue_name == "take-picture"

    def test_is_complained_of_all_at_once_and_by_name(self, load: Load) -> None:
        mistakes = mistakes_of(
            lambda: load(
                {
                    "TABLE_NAME": "",
                    "CAMERA_HOST": f"http://admin:{SECRET}@192.0.2.7/",
                    "CAMERA_AUDIO_FORMAT": "mp3",
                    "CAMERA_CHANNEL": "one",
                    "CAMERA_NOD": "perhaps",
                    "CAMERA_NAME": "../lobby",
                    "MIN_CONFIDENCE": "101",
                    "SPEECH": "loud",
                    "ANALYSES": "faces,smells",
                    "FACE_ATTRIBUTES": "SOME",
                    "CONCURRENCY": "0",
                    "VISIBILITY_SECONDS": "50000",
                    "RETENTION_DAYS": "-1",
                    "LOG_LEVEL": "shout",
                    "PHRASES_FILE": "nowhere.toml",
                }
            )
        )
        assert sorted(set(names_in(mistakes))) == [
            "ANALYSES",
            "BUCKET_NAME",
            "CAMERA_AUDIO_FORMAT",
            "CAMERA_CHANNEL",
            "CAMERA_HOST",
            "CAMERA_NAME",
            "CAMERA_NOD",
            "CAMERA_PASSWORD",
            "CONCURRENCY",
            "FACE_ATTRIBUTES",
            "LOG_LEVEL",
            "MIN_CONFIDENCE",
            "PHRASES_FILE",
            "RETENTION_DAYS",
            "SPEECH",
            "TABLE_NAME",
            "VISIBILITY_SECONDS",
        ]

    def test_say_what_would_do(self, load: Load) -> None:
        mistakes = mistakes_of(lambda: load({**ENOUGH, "CONCURRENCY": "many", "SPEECH": "maybe", "METRICS_PORT": "x"}))
        assert sorted(mistakes) == [
            "CONCURRENCY: must be a whole number from 1 to 50, such as 4",
            "METRICS_PORT: must be a whole number from 0 to 65535, such as 9464",
            "SPEECH: must be on or off",
        ]

    @pytest.mark.parametrize(
        ("days", "kept"), [("0", None), ("1", timedelta(days=1)), ("36500", timedelta(days=36500))]
    )
    def test_may_keep_records_for_ever(self, load: Load, days: str, kept: timedelta | None) -> None:
        assert load({**ENOUGH, "RETENTION_DAYS": days}).worker.retention == kept

    @pytest.mark.parametrize("word", ["true", "on", "yes", "1", "True", "ON"])
    def test_takes_every_usual_word_for_a_switch(self, load: Load, word: str) -> None:
        assert load({**ENOUGH, "SPEECH": word, "CAMERA_NOD": word}).cameras["default"].nod
        assert load({**ENOUGH, "SPEECH": word}).worker.speech

    def test_hides_the_password_from_whoever_prints_the_configuration(self, load: Load) -> None:
        configuration = load(ENOUGH)
        assert SECRET not in repr(configuration)
        assert configuration.secrets == [SECRET]

    @pytest.mark.parametrize(
        ("given", "analyses"),
        [("labels", {"faces", "labels"}), (" Faces, TEXT ,", {"faces", "text"}), ("faces", {"faces"})],
    )
    def test_lists_analyses_and_always_means_faces(self, load: Load, given: str, analyses: set[str]) -> None:
        assert load({**ENOUGH, "ANALYSES": given}).worker.analyses == analyses


class TestTheCameraSHost:
    @pytest.mark.parametrize(
        ("given", "url"),
        [
            ("192.0.2.7", "http://192.0.2.7"),
            ("camera.lan:8080", "http://camera.lan:8080"),
            ("http://camera.lan/", "http://camera.lan"),
            ("https://camera.lan:8443", "https://camera.lan:8443"),
            ("[2001:db8::7]:80", "http://[2001:db8::7]:80"),
        ],
    )
    def test_is_a_host_or_the_start_of_a_url(self, given: str, url: str) -> None:
        assert CameraSettings(host=given, password=SecretStr("x")).host == url

    @pytest.mark.parametrize(
        "given",
        [
            f"admin:{SECRET}",
            f"admin:{SECRET}@camera.lan",
            f"admin:{SECRET}\u2100@camera.lan",
            f"http://[{SECRET}",
            "camera.lan:99999",
            "rtsp://camera.lan",
            "http://",
            "camera.lan/cgi-bin",
            "camera.lan?a=b",
            "camera.lan#a",
        ],
    )
    def test_is_nothing_else_and_never_shown(self, given: str) -> None:
        mistakes = mistakes_of(lambda: load_cameras({"CAMERA_HOST": given, "CAMERA_PASSWORD": "x"}))
        assert names_in(mistakes) == ["CAMERA_HOST"]


class TestTheFingerprint:
    DIGITS = "0123456789abcdef" * 4

    @pytest.mark.parametrize("given", [DIGITS, DIGITS.upper(), f" {DIGITS} ", ":".join([DIGITS[:2], "23", DIGITS[4:]])])
    def test_is_64_small_digits_however_it_is_written(self, load: Load, given: str) -> None:
        https = {**ENOUGH, "CAMERA_HOST": "https://192.0.2.7", "CAMERA_FINGERPRINT": given}
        assert load(https).cameras["default"].fingerprint == self.DIGITS

    def test_may_be_none(self, load: Load) -> None:
        assert load(ENOUGH).cameras["default"].fingerprint is None


class TestASecretInAFile:
    @pytest.mark.parametrize("content", [SECRET, f"{SECRET}\n", f"{SECRET}\r\n"])
    def test_is_read_without_its_trailing_newline(self, load: Load, tmp_path: Path, content: str) -> None:
        (tmp_path / "secret").write_bytes(content.encode())
        environ = {**ENOUGH, "CAMERA_PASSWORD": "", "CAMERA_PASSWORD_FILE": str(tmp_path / "secret")}
        assert load(environ).secrets == [SECRET]

    def test_keeps_every_other_white_space(self, load: Load, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text(f" {SECRET} \n\n")
        environ = {**ENOUGH, "CAMERA_PASSWORD": "", "CAMERA_PASSWORD_FILE": str(tmp_path / "secret")}
        assert load(environ).secrets == [f" {SECRET} \n"]

    def test_stands_alone(self, load: Load, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text(SECRET)
        mistakes = mistakes_of(lambda: load({**ENOUGH, "CAMERA_PASSWORD_FILE": str(tmp_path / "secret")}))
        assert mistakes == ["CAMERA_PASSWORD_FILE: set together with CAMERA_PASSWORD; one of them is enough"]

    @pytest.mark.parametrize("content", [None, b"\xff\xfe", b"", b"\n"])
    def test_must_hold_one(self, load: Load, tmp_path: Path, content: bytes | None) -> None:
        if content is not None:
            (tmp_path / "secret").write_bytes(content)
        environ = {**ENOUGH, "CAMERA_PASSWORD": "", "CAMERA_PASSWORD_FILE": str(tmp_path / "secret")}
        assert names_in(mistakes_of(lambda: load(environ))) == ["CAMERA_PASSWORD_FILE"]

    def test_is_no_endless_device(self, load: Load) -> None:
        environ = {**ENOUGH, "CAMERA_PASSWORD": "", "CAMERA_PASSWORD_FILE": "/dev/zero"}
        assert names_in(mistakes_of(lambda: load(environ))) == ["CAMERA_PASSWORD_FILE"]


class TestTheCamerasFile:
    @staticmethod
    def write(folder: Path, text: str) -> dict[str, str]:
        (folder / "cameras.toml").write_text(text)
        return {"CAMERAS_FILE": str(folder / "cameras.toml")}

    def test_names_several_cameras_the_default_first(self, tmp_path: Path) -> None:
        (tmp_path / "yard").write_text(f"{SECRET}\n")
        environ = self.write(
            tmp_path,
            f"""
            [yard]
            host = "192.0.2.8:8080"
            password_file = "{tmp_path}/yard"
            nod = false
            channel = 2
            [lobby]
            host = "192.0.2.7"
            username = "viewer"
            password = "{SECRET}"
            audio_format = "mulaw"
            """,
        )
        cameras = load_cameras(environ)
        assert list(cameras) == camera_names(environ) == ["yard", "lobby"]
        yard, lobby = cameras.values()
        assert (yard.password, yard.nod, yard.channel) == (lobby.password, False, 2)
        assert (lobby.username, lobby.audio_format) == ("viewer", "mulaw")

    @pytest.mark.parametrize(
        ("text", "complaints"),
        [
            ("", ["CAMERAS_FILE: "]),
            ("[lobby", ["CAMERAS_FILE: "]),
            ('lobby = "192.0.2.7"', ["CAMERAS_FILE: [lobby] must be a table"]),
            ("[lobby]", ["CAMERAS_FILE: [lobby] host: not set", "CAMERAS_FILE: [lobby] password: not set"]),
            (
                f'[lobby]\nhost = "a"\npasswrod = "{SECRET}"',
                ["CAMERAS_FILE: [lobby] password: not set", "CAMERAS_FILE: [lobby] passwrod: unknown"],
            ),
            (
                f'[lobby]\nhost = "a"\npassword = ["{SECRET}"]\n["../up"]\nhost = "b"\npassword = "x"',
                ["CAMERAS_FILE: [lobby] password: ", "CAMERAS_FILE: [../up]: a camera's name"],
            ),
            ("".join(f"[c{n}]\n" for n in range(MAX_CAMERAS + 1)), ["CAMERAS_FILE: "]),
        ],
    )
    def test_is_complained_of_by_camera_and_key(self, tmp_path: Path, text: str, complaints: list[str]) -> None:
        mistakes = mistakes_of(lambda: load_cameras(self.write(tmp_path, text)))
        assert len(mistakes) == len(complaints)
        assert all(any(mistake.startswith(complaint) for mistake in mistakes) for complaint in complaints)

    def test_is_the_only_place_for_cameras(self, tmp_path: Path) -> None:
        environ = self.write(tmp_path, '[lobby]\nhost = "a"\npassword = "b"') | {"CAMERA_HOST": "192.0.2.7"}
        (mistake,) = mistakes_of(lambda: load_cameras(environ))
        assert mistake.startswith("CAMERAS_FILE: set together with CAMERA_HOST")

    def test_must_be_there(self, tmp_path: Path) -> None:
        (mistake,) = mistakes_of(lambda: load_cameras({"CAMERAS_FILE": str(tmp_path / "nowhere")}))
        assert mistake.startswith("CAMERAS_FILE: ")


class TestAVariableThatLooksLikeASetting:
    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("POLY_VOICE", "POLLY_VOICE"),
            ("QUEUENAME", "QUEUE_NAME"),
            ("camera_host", "CAMERA_HOST"),
            ("CAMERA_PASSWORD_FILES", "CAMERA_PASSWORD_FILE"),
            ("CAMERA_FILE", "CAMERAS_FILE"),
            ("ANALYSIS", "ANALYSES"),
            ("S3_BUCKET_NAME", "BUCKET_NAME"),
            ("DATADIR", "DATA_DIR"),
        ],
    )
    def test_is_doubted_with_the_one_that_is_meant(self, name: str, meant: str) -> None:
        [doubt] = doubts({**ENOUGH, name: SECRET})
        assert doubt == f"{name}: no setting has this name; did you mean {meant}?"

    @pytest.mark.parametrize("name", ["CAMERA_BRIGHTNESS", "POLLY_SPEED", "QUEUE_COLOUR"])
    def test_is_doubted_where_only_a_setting_begins_so(self, name: str) -> None:
        [doubt] = doubts({name: SECRET})
        assert doubt.startswith(f"{name}: no setting has this name")

    def test_is_none_of_what_a_machine_or_a_container_has_anyway(self) -> None:
        usual = [
            "HOME",
            "HOSTNAME",
            "PATH",
            "PWD",
            "SHELL",
            "SHLVL",
            "TERM",
            "USER",
            "LOGNAME",
            "LANG",
            "LC_ALL",
            "TZ",
            "MAIL",
            "DISPLAY",
            "EDITOR",
            "TMPDIR",
            "DEBUG",
            "PYTHONPATH",
            "PYTHON_VERSION",
            "PYTHONUNBUFFERED",
            "GPG_KEY",
            "VIRTUAL_ENV",
            "XDG_DATA_DIRS",
            "XDG_RUNTIME_DIR",
            "LS_COLORS",
            "SSH_CONNECTION",
            "SUDO_USER",
            "DBUS_SESSION_BUS_ADDRESS",
            "NO_PROXY",
            "HTTPS_PROXY",
            "REQUESTS_CA_BUNDLE",
            "IMAGE",
            "DEMO_IMAGE",
            "WORKER_TARGET",
            "AWS_REGION",
            "AWS_PROFILE",
            "AWS_CONFIG_FILE",
            "AWS_ENDPOINT_URL_SQS",
            "AWS_EXECUTION_ENV",
            "INVOCATION_ID",
            "JOURNAL_STREAM",
            "QUEUE_SERVICE_HOST",
            "CAMERA_SERVICE_PORT_HTTP",
            "CAMERA_PORT_8080_TCP_ADDR",
            "KUBERNETES_PORT",
            "LOG_DIR",
            "BOARD_PORT",
            "NAME",
            "HOST",
            "PORT",
            "MODE",
            "LOGLINES",
            "MAX_JOBS",
            "PHOTOS",
            "DATABASE_URL",
            "DATA",
            "METRICS",
        ]
        assert list(doubts(usual)) == []

    def test_is_nothing_that_is_a_setting(self) -> None:
        assert list(doubts(SETTINGS)) == []


class TestTheCommandLine:
    def test_ends_with_2_and_every_mistake_before_anything_starts(self, complaints: Complaints) -> None:
        said = complaints({**ENOUGH, "AWS_REGION": "", "BUCKET_NAME": "", "CONCURRENCY": SECRET})
        assert said.keys() == {"AWS_REGION", "BUCKET_NAME", "CONCURRENCY"}

    def test_tells_what_may_be_behind_it(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("BUCKETNAME", SECRET)
        assert main([]) == 2
        said = capsys.readouterr().err
        assert "  BUCKETNAME: no setting has this name; did you mean BUCKET_NAME?" in said
        assert SECRET not in said

    @pytest.mark.parametrize("command", [["press"], ["results"], ["forget", "2026-11-22T18:44:00.123Z#a"]])
    def test_needs_a_region_for_every_command_that_calls_aws(
        self, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("QUEUE_URL", "take-picture")
        assert main(command) == 2
        said = capsys.readouterr().err
        assert "  AWS_REGION: not set" in said
        assert said.count("\n  ") >= 2
