"""What the screens are told by their environment, and what they say of mistakes in it."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from board.settings import SETTINGS, SettingsError, load
from board.settings.board import Auth
from board.settings.unknown import unknown_variables

NEEDED = {"TABLE_NAME": "captures", "BUCKET_NAME": "my-captures", "BOARD_PASSWORD": "open sesame"}


def mistakes(**changed: str) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        load(NEEDED | changed)
    return list(raised.value.mistakes)


def test_what_is_not_told_is_as_the_page_says() -> None:
    settings = load(NEEDED)
    assert (settings.host, settings.port, settings.auth) == ("127.0.0.1", 8080, Auth.PASSWORD)
    assert (settings.actions, settings.cameras, settings.queue_name) == (False, ("default",), "take-picture")


def test_an_empty_value_counts_as_unset() -> None:
    assert load(NEEDED | dict.fromkeys(set(SETTINGS) - NEEDED.keys(), "")) == load(NEEDED)


def test_every_mistake_is_told_at_once() -> None:
    told = mistakes(
        TABLE_NAME="",
        BOARD_PORT="many",
        BOARD_ACTIONS="perhaps",
        BOARD_AUTH="anybody",
        BOARD_TRUSTED_PROXIES="the proxy",
        BOARD_ALLOWED_HOSTS="http://board/",
        CAMERA_NAME="a/b",
        LOG_LEVEL="loud",
        LOG_FORMAT="xml",
        QUEUE_NAME="a b",
        QUEUE_URL="take-picture",
        BOARD_HOST="a b",
    )
    assert {line.partition(":")[0] for line in told} == {
        "TABLE_NAME",
        "BOARD_PORT",
        "BOARD_ACTIONS",
        "BOARD_AUTH",
        "BOARD_TRUSTED_PROXIES",
        "BOARD_ALLOWED_HOSTS",
        "CAMERA_NAME",
        "LOG_LEVEL",
        "LOG_FORMAT",
        "QUEUE_NAME",
        "QUEUE_URL",
        "BOARD_HOST",
    }


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::1"])  # noqa: S104 - nothing listens here
def test_nobody_looks_without_a_password_wherever_it_listens(host: str) -> None:
    [told] = mistakes(BOARD_PASSWORD="", BOARD_HOST=host)
    assert told.startswith("BOARD_PASSWORD: not set")
    assert "BOARD_AUTH=none" in told


def test_everybody_may_look_where_that_is_written_out() -> None:
    assert load(NEEDED | {"BOARD_PASSWORD": "", "BOARD_AUTH": "none", "BOARD_HOST": "0.0.0.0"}).auth is Auth.NONE  # noqa: S104


def test_a_proxy_that_nobody_named_is_not_believed() -> None:
    [told] = mistakes(BOARD_AUTH="proxy", BOARD_PASSWORD="")
    assert told.startswith("BOARD_TRUSTED_PROXIES: not set")


def test_proxies_are_addresses_and_networks() -> None:
    settings = load(NEEDED | {"BOARD_TRUSTED_PROXIES": "172.18.0.2, 10.0.0.0/24,fd00::/8"})
    assert settings.trusted_proxies == tuple(map(ip_network, ("172.18.0.2/32", "10.0.0.0/24", "fd00::/8")))


def test_a_password_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(" open sesame \n", encoding="utf-8")
    told = {"BOARD_PASSWORD": "", "BOARD_PASSWORD_FILE": str(tmp_path / "password")}
    assert load(NEEDED | told).password == " open sesame "


@pytest.mark.parametrize(
    ("content", "words"), [(None, "does not exist"), (b"\n", "is empty"), (b"\xff", "no text"), (b"x" * 5000, "longer")]
)
def test_a_password_file_that_cannot_be_used_is_told_by_name(tmp_path: Path, content: bytes | None, words: str) -> None:
    if content is not None:
        (tmp_path / "password").write_bytes(content)
    [told] = mistakes(BOARD_PASSWORD="", BOARD_PASSWORD_FILE=str(tmp_path / "password"))
    assert told.startswith("BOARD_PASSWORD_FILE: ")
    assert words in told


def test_both_kinds_of_password_are_a_mistake() -> None:
    [told] = mistakes(BOARD_PASSWORD_FILE="/run/secrets/board")
    assert "set together with BOARD_PASSWORD" in told


def test_the_password_is_shown_nowhere() -> None:
    assert "sesame" not in repr(load(NEEDED))
    assert "sesame" not in str(mistakes(BOARD_PORT="many"))


def test_of_the_cameras_file_only_the_names_are_read(tmp_path: Path) -> None:
    file = tmp_path / "cameras.toml"
    file.write_text('[lobby]\npassword_file = "/nowhere"\n[shop-window]\nhost = 7\n', encoding="utf-8")
    assert load(NEEDED | {"CAMERAS_FILE": str(file)}).cameras == ("lobby", "shop-window")


@pytest.mark.parametrize("content", ["", "[lobby", '["a/b"]\n'])
def test_a_cameras_file_that_cannot_be_used_is_told(tmp_path: Path, content: str) -> None:
    file = tmp_path / "cameras.toml"
    file.write_text(content, encoding="utf-8")
    [told] = mistakes(CAMERAS_FILE=str(file))
    assert told.startswith("CAMERAS_FILE: ")


def test_a_typing_error_is_suspected() -> None:
    told = list(unknown_variables(["BOARD_PASWORD", "BOARD_PORT", "BILLBOARD_FOLDER_OF_MINE", "PATH"], SETTINGS))
    assert [line.partition(":")[0] for line in told] == ["BILLBOARD_FOLDER_OF_MINE", "BOARD_PASWORD"]
    assert "did you mean BOARD_PASSWORD?" in told[1]


def test_what_kubernetes_and_compose_set_is_no_typing_error() -> None:
    names = ["BOARD_SERVICE_HOST", "BOARD_SERVICE_PORT_HTTP", "BOARD_PORT_8080_TCP", "BOARD_IMAGE", "BOARD_AWS_PROFILE"]
    assert list(unknown_variables(names, SETTINGS)) == []
