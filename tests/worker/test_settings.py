from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from worker.commands.cli import main
from worker.settings import (
    MAX_CAMERAS,
    CameraSettings,
    Configuration,
    SettingsError,
    camera_names,
    load_cameras,
    load_configuration,
)

SECRET = "hunter2-secret"
ENOUGH = {"BUCKET_NAME": "photos", "TABLE_NAME": "records", "CAMERA_HOST": "192.0.2.7", "CAMERA_PASSWORD": SECRET}

Load = Callable[[Mapping[str, str]], Configuration]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    """Loads the configuration with nothing in the environment but what it is given."""

    def load_with(environ: Mapping[str, str]) -> Configuration:
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        return load_configuration(environ, "eu-west-1")

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
            "CONCURRENCY: should be a valid integer, unable to parse string as an integer; unset it is 4",
            "METRICS_PORT: should be a valid integer, unable to parse string as an integer",
            "SPEECH: should be a valid boolean, unable to interpret input; unset it is true",
        ]

    def test_must_name_a_region(self) -> None:
        assert "AWS_REGION" in names_in(mistakes_of(lambda: load_configuration(ENOUGH, None)))

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
        (name,) = names_in(mistakes_of(lambda: load(environ)))
        assert name in {"CAMERA_PASSWORD_FILE", "CAMERA_PASSWORD"}


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


class TestTheCommandLine:
    def test_ends_with_2_and_every_mistake_before_anything_starts(
        self, load: Load, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert load(ENOUGH)
        monkeypatch.setenv("AWS_REGION", "")
        monkeypatch.setenv("BUCKET_NAME", "")
        monkeypatch.setenv("CONCURRENCY", SECRET)
        assert main([]) == 2
        complaint = capsys.readouterr().err
        assert all(name in complaint for name in ("AWS_REGION: ", "BUCKET_NAME: ", "CONCURRENCY: "))
        assert SECRET not in complaint

    @pytest.mark.parametrize("command", ["press", "results"])
    def test_needs_a_region_for_every_command_that_calls_aws(
        self, load: Load, command: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert load(ENOUGH)
        assert main([command]) == 2
        assert "AWS_REGION" in capsys.readouterr().err

    @pytest.mark.parametrize("arguments", [["dance"], ["results", "--limit", "0"], ["results", "--limit", "many"]])
    def test_ends_with_2_when_it_is_used_wrongly(self, arguments: list[str]) -> None:
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 2
