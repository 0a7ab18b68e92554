import json
import logging
from typing import Any, Literal

import pytest
import structlog

from worker.logs import configure_logs, printable

SECRET = "hunter2"

Style = Literal["json", "console"]


pytestmark = pytest.mark.usefixtures("_logging_as_before")


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def logger() -> Any:
    return structlog.get_logger("worker.tested")


def fail_with(message: str) -> None:
    raise ValueError(message)


def test_an_event_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "auto")
    logger().warning("two\nlines", body="\x1b[2J\r\n\u2028", count=3, there=True, nothing=None)
    (line,) = lines(capsys)
    event = json.loads(line)
    assert line.isprintable()
    assert (event["event"], event["level"], event["body"]) == ("two\nlines", "warning", "\x1b[2J\r\n\u2028")
    assert (event["count"], event["there"], event["nothing"]) == (3, True, None)
    assert event["timestamp"].endswith("Z")


def test_a_terminal_is_told_nothing_that_it_would_obey(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "console")
    logger().error("rejected", body="\x1b]0;title\x07\x9b31m\r\n")
    (line,) = lines(capsys)
    assert r"\x1b]0;title\x07\x9b31m\r\n" in line


@pytest.mark.parametrize("style", ["json", "console"])
def test_secrets_are_hidden_wherever_they_turn_up(style: Style, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("debug", style, [SECRET])
    with structlog.contextvars.bound_contextvars(camera=f"of {SECRET}"):
        logger().debug(
            f"event {SECRET}", text=SECRET, error=ValueError(SECRET), deep={"a": [(SECRET,)]}, raw=b"hunter2"
        )
    try:
        fail_with(f"within {SECRET}")
    except ValueError:
        logger().exception(f"failed {SECRET}")
    logging.getLogger("urllib3").warning("password %s", SECRET)
    written = capsys.readouterr().err
    assert "Traceback" in written
    assert SECRET not in written
    assert written.count("[hidden]") >= 8


def test_a_secret_that_begins_with_another_is_hidden_whole(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "json", ["open", "open sesame", ""])
    logger().info("says open sesame and open")
    (line,) = lines(capsys)
    assert json.loads(line)["event"] == "says [hidden] and [hidden]"


def test_less_than_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("warning", "json")
    logger().info("chatter")
    assert lines(capsys) == []


def test_libraries_are_kept_to_warnings_even_when_debugging(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("debug", "json")
    logging.getLogger("botocore.endpoint").debug("headers")
    logging.getLogger("urllib3").warning("pool is full")
    (line,) = lines(capsys)
    assert json.loads(line)["event"] == "pool is full"


def test_credentials_that_cannot_be_refreshed_are_a_line_without_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs("info", "json")
    try:
        fail_with("the helper is gone")
    except ValueError:
        logging.getLogger("botocore.credentials").warning("Refreshing temporary credentials failed", exc_info=True)
    (line,) = lines(capsys)
    assert "Traceback" not in line


def test_printable_text_stays_as_it_is() -> None:
    assert printable("Grüße, 你好") == "Grüße, 你好"
