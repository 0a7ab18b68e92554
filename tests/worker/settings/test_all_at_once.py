"""One mistake hides no other: each is told by name, with what would do, and exit code 2."""

from pathlib import Path

import pytest

from tests.worker.settings.conftest import ENOUGH, SECRET, Complaints, Lines

OTHERS = {"CONCURRENCY": "many", "BUCKET_NAME": ""}


def test_a_password_given_twice(complaints: Complaints, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    said = complaints({**ENOUGH, **OTHERS, "CAMERA_PASSWORD_FILE": str(tmp_path / "secret"), "CAMERA_NOD": "perhaps"})
    assert said.keys() == {"BUCKET_NAME", "CONCURRENCY", "CAMERA_PASSWORD_FILE", "CAMERA_NOD"}
    assert "CAMERA_PASSWORD" in said["CAMERA_PASSWORD_FILE"]


def test_a_password_file_that_cannot_be_read(complaints: Complaints, tmp_path: Path) -> None:
    without = {**ENOUGH, "CAMERA_PASSWORD": "", "CAMERA_PASSWORD_FILE": str(tmp_path / "nowhere")}
    said = complaints({**without, **OTHERS, "CAMERA_CHANNEL": "one"})
    assert said.keys() == {"BUCKET_NAME", "CONCURRENCY", "CAMERA_PASSWORD_FILE", "CAMERA_CHANNEL"}
    assert said["CAMERA_PASSWORD_FILE"].startswith("there is no such file")


def test_a_password_where_its_file_is_asked_for_is_not_shown(complaints: Complaints) -> None:
    said = complaints({**ENOUGH, "CAMERA_PASSWORD": "", "CAMERA_PASSWORD_FILE": SECRET})
    assert said.keys() == {"CAMERA_PASSWORD_FILE"}


@pytest.mark.parametrize("content", ["", "\n", "\r\n"])
def test_an_empty_password_file_is_named_as_that_file(complaints: Complaints, tmp_path: Path, content: str) -> None:
    (tmp_path / "secret").write_bytes(content.encode())
    said = complaints({**ENOUGH, "CAMERA_PASSWORD": "", "CAMERA_PASSWORD_FILE": str(tmp_path / "secret")})
    assert said == {"CAMERA_PASSWORD_FILE": f"the file {tmp_path}/secret is empty; it holds the password alone"}


def test_a_cameras_file_beside_a_camera_host(lines: Lines, tmp_path: Path) -> None:
    (tmp_path / "cameras.toml").write_text('[lobby]\nhost = "a/b"\n["../up"]\nhost = "b"\npassword = "x"')
    file = {"CAMERAS_FILE": str(tmp_path / "cameras.toml")}
    said = lines({**ENOUGH, **OTHERS, **file, "CAMERA_PASSWORD": "", "CAMERA_SPEAKER": "loud"})
    assert [line.split(": ")[:2] for line in said] == [
        ["BUCKET_NAME", "not set; it is the S3 bucket for the photos, such as my-captures"],
        ["CONCURRENCY", "must be a whole number from 1 to 50, such as 4"],
        ["CAMERAS_FILE", "set together with CAMERA_HOST; name the cameras in one place only"],
        ["CAMERAS_FILE", "[lobby] host"],
        ["CAMERAS_FILE", "[lobby] password"],
        ["CAMERAS_FILE", "[../up]"],
        ["CAMERA_SPEAKER", "must be true or false"],
    ]


def test_every_mistake_of_one_camera_in_the_file(lines: Lines, tmp_path: Path) -> None:
    (tmp_path / "cameras.toml").write_text(
        f"""
        [lobby]
        host = "192.0.2.7"
        password = "{SECRET}"
        password_file = "nowhere"
        channel = "one"
        fingerprint = "{"ab" * 32}"
        nodd = true
        """
    )
    given = {**ENOUGH, "CAMERA_HOST": "", "CAMERA_PASSWORD": "", "CAMERAS_FILE": str(tmp_path / "cameras.toml")}
    assert [line.split(": ")[1] for line in lines(given)] == [
        "[lobby] password_file",
        "[lobby] fingerprint",
        "[lobby] channel",
        "[lobby] nodd",
    ]


def test_a_profile_that_is_not_there(complaints: Complaints) -> None:
    said = complaints({**ENOUGH, **OTHERS, "AWS_REGION": "", "AWS_PROFILE": "nobody"})
    assert said.keys() == {"BUCKET_NAME", "CONCURRENCY", "AWS_PROFILE", "AWS_REGION"}
    assert "'nobody'" in said["AWS_PROFILE"]


def test_every_sentence_of_the_phrases_file(lines: Lines, tmp_path: Path) -> None:
    (tmp_path / "phrases.toml").write_text(
        'happy = 1\ncheerful = "Hello"\nseveral = "{people}"\n[moods]\nmerry = "x"\nsad = ""'
    )
    said = lines({**ENOUGH, **OTHERS, "PHRASES_FILE": str(tmp_path / "phrases.toml")})
    assert len([line for line in said if line.startswith("PHRASES_FILE: ")]) == 5
    for key in ("happy ", "'cheerful'", "several ", "'moods.merry'", "moods.sad "):
        assert sum(key in line for line in said) == 1


@pytest.mark.parametrize(
    "name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_REKOGNITION"]
)
@pytest.mark.parametrize("value", ["localhost:4566", "cloud", "ftp://cloud", "http://", "http://cloud:port"])
def test_an_endpoint_that_is_no_url(complaints: Complaints, name: str, value: str) -> None:
    said = complaints({**ENOUGH, **OTHERS, name: value})
    assert said.keys() == {"BUCKET_NAME", "CONCURRENCY", name}
    assert "such as http://localhost:4566" in said[name]


@pytest.mark.parametrize(
    ("given", "missing"),
    [("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID")],
)
def test_half_a_pair_of_credentials(complaints: Complaints, given: str, missing: str) -> None:
    said = complaints({**ENOUGH, **OTHERS, given: SECRET})
    assert said.keys() == {"BUCKET_NAME", "CONCURRENCY", missing}
    assert given in said[missing]


@pytest.mark.parametrize("region", ["eu west 1", "http://eu-west-1", "-eu", "eu-west-1.amazonaws.com", "1"])
@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_region_that_cannot_be_one(complaints: Complaints, name: str, region: str) -> None:
    said = complaints({**ENOUGH, **OTHERS, "AWS_REGION": "", name: region})
    assert said.keys() == {"BUCKET_NAME", "CONCURRENCY", name}
    assert "such as eu-west-1" in said[name]


def test_a_region_of_the_profile_that_cannot_be_one(complaints: Complaints, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile lan]\nregion = eu west 1\n")
    said = complaints({**ENOUGH, "AWS_REGION": "", "AWS_PROFILE": "lan", "AWS_CONFIG_FILE": str(tmp_path / "config")})
    assert said.keys() == {"AWS_PROFILE"}


def test_a_config_file_that_cannot_be_parsed(complaints: Complaints, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("lan\n")
    said = complaints({**ENOUGH, **OTHERS, "AWS_CONFIG_FILE": str(tmp_path / "config")})
    assert said.keys() == {"BUCKET_NAME", "CONCURRENCY", "AWS_CONFIG_FILE"}


@pytest.mark.parametrize(
    ("name", "bounds", "beyond"),
    [
        ("RETENTION_DAYS", "0 to 36500", ["-1", "9999999", "1000000000", "9" * 5000]),
        ("MAX_COMMAND_AGE_SECONDS", "1 to 1209600", ["0", "1209601", "1e400"]),
        ("MAX_SPEECH_AGE_SECONDS", "1 to 1209600", ["0", "99999999999999999"]),
        ("CONCURRENCY", "1 to 50", ["0", "51", "many", "4.5"]),
        ("VISIBILITY_SECONDS", "1 to 43200", ["0", "43201"]),
        ("DRAIN_SECONDS", "0 to 3600", ["-1", "3601", "nan"]),
        ("METRICS_PORT", "0 to 65535", ["-1", "65536"]),
        ("CAMERA_CHANNEL", "0 to 255", ["-1", "256"]),
    ],
)
def test_a_number_out_of_bounds(complaints: Complaints, name: str, bounds: str, beyond: list[str]) -> None:
    for value in beyond:
        said = complaints({**ENOUGH, name: value})
        assert said.keys() == {name}
        assert said[name].startswith(f"must be a whole number from {bounds}, such as ")


@pytest.mark.parametrize("value", ["-1", "100.1", "nan", "inf", "half"])
def test_a_confidence_out_of_bounds(complaints: Complaints, value: str) -> None:
    said = complaints({**ENOUGH, "MIN_CONFIDENCE": value})
    assert said == {"MIN_CONFIDENCE": "must be a number from 0 to 100, such as 50"}


def test_each_switch_is_answered_in_the_words_of_the_documentation(complaints: Complaints) -> None:
    said = complaints({**ENOUGH, "SPEECH": "maybe", "CAMERA_NOD": "maybe", "CAMERA_SPEAKER": "2"})
    assert said == {
        "SPEECH": "must be on or off",
        "CAMERA_NOD": "must be true or false",
        "CAMERA_SPEAKER": "must be true or false",
    }


def test_each_choice_is_answered_with_all_there_is(complaints: Complaints) -> None:
    said = complaints(
        {
            **ENOUGH,
            "POLLY_ENGINE": "best",
            "CAMERA_AUDIO_FORMAT": "mp3",
            "LOG_LEVEL": "loud",
            "ANALYSES": "moods,smells",
        }
    )
    assert said == {
        "POLLY_ENGINE": "must be standard, neural, long-form or generative",
        "CAMERA_AUDIO_FORMAT": "must be alaw or mulaw",
        "LOG_LEVEL": "must be debug, info, warning or error",
        "ANALYSES": "must be a list of faces, labels and text, such as faces,labels",
    }


def test_names_that_aws_cannot_know(complaints: Complaints) -> None:
    said = complaints(
        {
            **ENOUGH,
            "QUEUE_NAME": "https://sqs.eu-west-1.amazonaws.com/1/take-picture",
            "QUEUE_URL": "take-picture",
            "BUCKET_NAME": "s3://photos",
            "TABLE_NAME": "a b",
        }
    )
    assert said == {
        "QUEUE_NAME": "must be the queue's name alone, such as take-picture; its address goes into QUEUE_URL",
        "QUEUE_URL": "must be the queue's address, such as https://sqs.eu-west-1.amazonaws.com/123456789012/take-picture",
        "BUCKET_NAME": "must be the bucket's name alone, such as my-captures",
        "TABLE_NAME": "must be the table's name alone, such as take-picture-captures",
    }


def test_an_env_file_that_cannot_be_read(complaints: Complaints, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"CAMERA_NAME=\xff\n")
    assert complaints(ENOUGH).keys() == {".env"}


class TestTheFingerprint:
    @pytest.mark.parametrize("value", ["ab" * 31, "gg" * 32, "ab:" * 31, SECRET])
    def test_is_64_hexadecimal_digits(self, complaints: Complaints, value: str) -> None:
        said = complaints({**ENOUGH, "CAMERA_HOST": "https://192.0.2.7", "CAMERA_FINGERPRINT": value})
        assert said.keys() == {"CAMERA_FINGERPRINT"}
        assert "64 hexadecimal digits" in said["CAMERA_FINGERPRINT"]

    def test_needs_https(self, complaints: Complaints) -> None:
        said = complaints({**ENOUGH, "CAMERA_FINGERPRINT": "ab" * 32})
        assert said.keys() == {"CAMERA_FINGERPRINT"}
        assert "https://" in said["CAMERA_FINGERPRINT"]
