import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.command import (
    COMMAND_NAMES,
    MAX_ATTRIBUTE_CHARACTERS,
    MAX_SHOWN_CHARACTERS,
    Command,
    Message,
    Rejected,
    TakePicture,
    read_message,
)
from worker.domain.forget import Forget
from worker.domain.press import Press
from worker.domain.record_video import RecordVideo
from worker.domain.say import MAX_CHARACTERS, Say
from worker.domain.speech_text import SpeechText
from worker.domain.watch_commands import StartWatching, StopWatching

SENT_AT = datetime(2026, 11, 22, 18, 44, 0, 123_000, UTC)
MESSAGE = Message("6f1c-id", "handle", "TakePicture", {}, 1, SENT_AT)
CAMERAS = ["lobby", "yard"]
EARLIER = "2026-11-22T18:43:00.000Z#6f1c"


def read_press(message: Message, cameras: list[str]) -> Press:
    return read_message(message, cameras)[0]


def read_command(message: Message) -> Command:
    return read_message(message, CAMERAS)[1]


def with_body(body: str) -> Message:
    return replace(MESSAGE, body=body)


def with_attributes(**attributes: str) -> Message:
    return replace(MESSAGE, attributes=attributes)


def read_or_rejected(message: Message) -> Command | str:
    """The command, or why it is none."""
    try:
        return read_command(message)
    except Rejected as rejection:
        return str(rejection)


class TestTheCommand:
    @pytest.mark.parametrize(
        "body",
        [
            "TakePicture",
            " takepicture\n",
            "\tTAKEPICTURE\r\n",
            '{"command": "TakePicture"}',
            '\n {"command": " takepicture "} ',
            '{"command": "TakePicture", "camera": null}',
            '{"command": "TakePicture", "camera": ""}',
            '{"command": "TakePicture", "somebody": ["else\'s"]}',
        ],
    )
    def test_is_read_in_every_form_and_means_the_first_camera(self, body: str) -> None:
        assert read_press(with_body(body), CAMERAS).camera == "lobby"

    @pytest.mark.parametrize(
        "body",
        [
            "",
            " ",
            "TakePictures",
            "Take Picture",
            "takepicture; rm -rf /",
            "{",
            "{}",
            '{"command": null}',
            '{"command": ["TakePicture"]}',
            '{"command": "TakePicture", "camera": 1}',
            '{"command": "TakePicture"} and more',
            '["TakePicture"]',
            '"TakePicture"',
            '{"command":' * 100_000,
            '{"command": ' + "1" * 5000 + "}",
            "\x00\x1b[2J\ud83d",
        ],
    )
    def test_is_nothing_else(self, body: str) -> None:
        with pytest.raises(Rejected):
            read_press(with_body(body), CAMERAS)

    def test_of_one_mebibyte_of_noise_is_shown_shortened(self) -> None:
        with pytest.raises(Rejected) as rejection:
            read_press(with_body("\x1b\n" * 524_288), CAMERAS)
        shown = str(rejection.value)
        assert shown.isprintable()
        assert len(shown) < 5 * MAX_SHOWN_CHARACTERS

    @given(st.text())
    def test_is_rejected_in_printable_words_whatever_the_body(self, noise: str) -> None:
        with pytest.raises(Rejected) as rejection:
            read_press(with_body(f"x{noise}"), CAMERAS)
        assert str(rejection.value).isprintable()

    @given(
        st.dictionaries(
            st.sampled_from(["command", "camera", "else"]),
            st.none() | st.text() | st.integers() | st.sampled_from([*COMMAND_NAMES, *CAMERAS]),
        )
    )
    def test_is_read_or_rejected_whatever_the_json(self, document: dict[str, object]) -> None:
        try:
            press, command = read_message(with_body(json.dumps(document)), CAMERAS)
        except Rejected:
            return
        assert str(document["command"]).strip().lower() == type(command).__name__.lower()
        assert press.camera == (document.get("camera") or "lobby")


class TestTheCamera:
    def test_is_named_by_the_attribute(self) -> None:
        assert read_press(with_attributes(camera="yard"), CAMERAS).camera == "yard"

    def test_is_named_by_the_body_before_the_attribute(self) -> None:
        message = replace(with_attributes(camera="lobby"), body='{"command": "TakePicture", "camera": "yard"}')
        assert read_press(message, CAMERAS).camera == "yard"

    @pytest.mark.parametrize("name", ["garden", "LOBBY", "../lobby", "lobby/..", "/etc/passwd", "lobby\x00", "\ud800"])
    def test_is_one_that_is_known(self, name: str) -> None:
        with pytest.raises(Rejected, match="this worker has lobby, yard") as rejection:
            read_press(with_attributes(camera=name), CAMERAS)
        assert str(rejection.value).isprintable()


class TestTheIdentity:
    def test_is_the_press_s_own(self) -> None:
        press = read_press(with_attributes(press_id="G030-7", pressed_at="2026-11-22T18:43:59.001Z"), CAMERAS)
        assert (press.press_id, press.pressed_at) == ("G030-7", SENT_AT - timedelta(seconds=1, milliseconds=122))

    def test_is_the_message_s_where_it_has_none(self) -> None:
        press = read_press(MESSAGE, CAMERAS)
        assert (press.press_id, press.pressed_at) == ("6f1c-id", SENT_AT)

    @pytest.mark.parametrize("press_id", ["", "a b", "../up", "x" * 65, "line\n", "\u00e9", "a#b"])
    def test_is_the_message_s_where_it_has_an_impossible_one(self, press_id: str) -> None:
        assert read_press(with_attributes(press_id=press_id), CAMERAS).press_id == "6f1c-id"

    @pytest.mark.parametrize(
        "pressed_at",
        [
            "",
            "yesterday",
            "2026-11-22T18:44:00.000",
            "2026-13-22T18:44:00Z",
            "0001-01-01T00:00:00+23:00",
            "1795373040",
            "2026-11-22T18:44:00.124Z",
            "9999-12-31T23:59:59Z",
        ],
    )
    def test_has_the_message_s_time_where_its_own_is_none_or_lies_after_it(self, pressed_at: str) -> None:
        assert read_press(with_attributes(pressed_at=pressed_at), CAMERAS).pressed_at == SENT_AT

    def test_has_the_moment_whatever_its_offset(self) -> None:
        press = read_press(with_attributes(pressed_at="2026-11-22T19:43:00+01:00"), CAMERAS)
        assert press.pressed_at == datetime(2026, 11, 22, 18, 43, tzinfo=UTC)

    @given(st.text(), st.text())
    def test_can_name_a_file_whatever_was_sent(self, message_id: str, press_id: str) -> None:
        message = replace(with_attributes(press_id=press_id), message_id=message_id)
        assert re.fullmatch("[A-Za-z0-9-]{0,64}", read_press(message, CAMERAS).press_id)


def test_what_the_trigger_tells_of_itself_is_kept() -> None:
    press = read_press(with_attributes(source="iot-button", device="G030", click="SINGLE", colour="red"), CAMERAS)
    assert (press.source, press.device, press.click) == ("iot-button", "G030", "SINGLE")


def test_and_only_as_much_of_it_as_a_record_can_hold() -> None:
    assert read_press(with_attributes(source="x" * 100_000), CAMERAS).source == "x" * MAX_ATTRIBUTE_CHARACTERS


class TestSay:
    @pytest.mark.parametrize(
        ("body", "attributes", "command"),
        [
            ('{"command": "Say", "text": "Dinner"}', {}, Say(SpeechText("Dinner"))),
            (' {"command": " SAY ", "text": " Dinner "}', {}, Say(SpeechText(" Dinner "))),
            ('{"command": "Say", "text": "Dinner", "colour": "red"}', {}, Say(SpeechText("Dinner"))),
            ('{"command": "Say", "text": "Dinner", "voice": "Amy"}', {}, Say(SpeechText("Dinner", "Amy"))),
            ('{"command": "Say", "text": "Dinner", "voice": ""}', {}, Say(SpeechText("Dinner"))),
            (
                '{"command": "Say", "text": "Dinner", "voice": null, "chime": null, "ssml": null}',
                {},
                Say(SpeechText("Dinner")),
            ),
            ('{"command": "Say", "text": "Dinner", "chime": true}', {}, Say(SpeechText("Dinner"), chime=True)),
            ('{"command": "Say", "text": "Dinner", "chime": false}', {"chime": "true"}, Say(SpeechText("Dinner"))),
            (
                '{"command": "Say", "text": "Dinner"}',
                {"text": "Lunch", "voice": "Amy"},
                Say(SpeechText("Dinner", "Amy")),
            ),
            (
                '{"command": "Say", "text": "<speak>Dinner</speak>", "ssml": true}',
                {},
                Say(SpeechText("<speak>Dinner</speak>", ssml=True)),
            ),
            ('{"command": "Say", "text": "<speak>Dinner"}', {}, Say(SpeechText("<speak>Dinner"))),
            ("Say", {"text": "Dinner"}, Say(SpeechText("Dinner"))),
            (
                " say\n",
                {"text": "Dinner", "voice": "Amy", "chime": "True"},
                Say(SpeechText("Dinner", "Amy"), chime=True),
            ),
            ("Say", {"text": "Dinner", "chime": "false", "ssml": "true"}, Say(SpeechText("Dinner"))),
        ],
    )
    def test_is_read_from_the_body_and_from_the_attributes(
        self, body: str, attributes: dict[str, str], command: Say
    ) -> None:
        assert read_command(replace(with_body(body), attributes=attributes)) == command

    @pytest.mark.parametrize(
        ("body", "attributes"),
        [
            ("Say", {}),
            ("Say Dinner", {}),
            ('{"command": "Say"}', {}),
            ('{"command": "Say", "text": ""}', {}),
            ('{"command": "Say", "text": 7}', {}),
            ('{"command": "Say", "text": 7}', {"text": "Dinner"}),
            ('{"command": "Say", "text": ["Dinner"]}', {}),
            ('{"command": "Say", "text": "a\\nb"}', {}),
            ('{"command": "Say", "text": "\\ud83d"}', {}),
            ('{"command": "Say", "text": "Dinner", "voice": 7}', {}),
            ('{"command": "Say", "text": "Dinner", "voice": "Jo anna"}', {}),
            ('{"command": "Say", "text": "Dinner", "chime": "true"}', {}),
            ('{"command": "Say", "text": "Dinner", "chime": 1}', {}),
            ('{"command": "Say", "text": "<speak>Dinner</speak>", "ssml": "true"}', {}),
            ('{"command": "Say", "text": "Dinner", "ssml": true}', {}),
            ("Say", {"text": "Dinner", "chime": "perhaps"}),
            ("Say", {"text": "x" * (MAX_CHARACTERS + 1)}),
        ],
    )
    def test_of_what_cannot_be_said_is_rejected(self, body: str, attributes: dict[str, str]) -> None:
        with pytest.raises(Rejected) as rejection:
            read_command(replace(with_body(body), attributes=attributes))
        assert str(rejection.value).isprintable()

    def test_is_for_the_camera_that_it_names(self) -> None:
        assert read_press(with_body('{"command": "Say", "text": "Dinner", "camera": "yard"}'), CAMERAS).camera == "yard"

    @given(
        st.dictionaries(
            st.sampled_from(["text", "voice", "chime", "ssml"]),
            st.none() | st.booleans() | st.text() | st.integers() | st.lists(st.text()),
        )
    )
    def test_is_read_or_rejected_in_printable_words_whatever_it_says(self, document: dict[str, object]) -> None:
        command = read_or_rejected(with_body(json.dumps({"command": "Say", **document})))
        if isinstance(command, str):
            assert command.isprintable()
            return
        assert isinstance(command, Say)
        assert command.what.text == document["text"]
        assert 1 <= len(command.what.text) <= MAX_CHARACTERS
        assert len(command.what.text.splitlines()) == 1

    @given(st.text(max_size=2 * MAX_CHARACTERS))
    def test_means_the_same_in_the_body_and_in_the_attributes(self, text: str) -> None:
        in_body = with_body(json.dumps({"command": "Say", "text": text}))
        in_attributes = replace(with_body("Say"), attributes={"text": text})
        assert read_or_rejected(in_body) == read_or_rejected(in_attributes)


class TestRecordVideo:
    @pytest.mark.parametrize(
        ("body", "attributes", "seconds"),
        [
            ("RecordVideo", {}, None),
            (" recordvideo\n", {"seconds": ""}, None),
            ("RecordVideo", {"seconds": "5"}, 5),
            ("RecordVideo", {"seconds": " 2.5 "}, 2.5),
            ('{"command": "RecordVideo"}', {}, None),
            ('{"command": "RecordVideo", "seconds": null}', {"seconds": "60"}, 60),
            ('{"command": "RecordVideo", "seconds": 1}', {"seconds": "7"}, 1),
            ('{"command": "RecordVideo", "seconds": 59.9}', {}, 59.9),
        ],
    )
    def test_is_read_from_the_body_and_from_the_attributes(
        self, body: str, attributes: dict[str, str], seconds: float | None
    ) -> None:
        assert read_command(replace(with_body(body), attributes=attributes)) == RecordVideo(seconds)

    @pytest.mark.parametrize(
        ("body", "attributes"),
        [
            ('{"command": "RecordVideo", "seconds": 0}', {}),
            ('{"command": "RecordVideo", "seconds": 0.99}', {}),
            ('{"command": "RecordVideo", "seconds": 61}', {}),
            ('{"command": "RecordVideo", "seconds": -5}', {}),
            ('{"command": "RecordVideo", "seconds": NaN}', {}),
            ('{"command": "RecordVideo", "seconds": 1e999}', {}),
            ('{"command": "RecordVideo", "seconds": "5"}', {}),
            ('{"command": "RecordVideo", "seconds": true}', {}),
            ('{"command": "RecordVideo", "seconds": [5]}', {"seconds": "5"}),
            ("RecordVideo", {"seconds": "five"}),
            ("RecordVideo", {"seconds": "0"}),
            ("RecordVideo", {"seconds": "61"}),
            ("RecordVideo", {"seconds": "1e1"}),
            ("RecordVideo", {"seconds": "nan"}),
            ("RecordVideo", {"seconds": "\u0665"}),
            ("RecordVideo", {"seconds": "9" * 5000}),
            ("RecordVideo 5", {}),
        ],
    )
    def test_of_what_cannot_be_recorded_is_rejected(self, body: str, attributes: dict[str, str]) -> None:
        with pytest.raises(Rejected) as rejection:
            read_command(replace(with_body(body), attributes=attributes))
        assert str(rejection.value).isprintable()

    @given(st.floats(1, 60) | st.integers(1, 60))
    def test_means_the_same_in_the_body_and_in_the_attributes(self, seconds: float) -> None:
        in_body = with_body(json.dumps({"command": "RecordVideo", "seconds": round(seconds, 6)}))
        in_attributes = replace(with_body("RecordVideo"), attributes={"seconds": str(round(seconds, 6))})
        assert read_command(in_body) == read_command(in_attributes)

    @given(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers()))
    def test_is_read_or_rejected_in_printable_words_whatever_it_says(self, seconds: object) -> None:
        command = read_or_rejected(with_body(json.dumps({"command": "RecordVideo", "seconds": seconds})))
        assert command.isprintable() if isinstance(command, str) else isinstance(command, RecordVideo)


def test_a_press_asks_for_a_picture() -> None:
    assert read_command(MESSAGE) == TakePicture()


class TestStartWatching:
    @pytest.mark.parametrize(
        ("body", "attributes", "minutes"),
        [
            ("StartWatching", {}, None),
            (" startwatching\n", {"minutes": ""}, None),
            ("StartWatching", {"minutes": "5"}, 5),
            ("StartWatching", {"minutes": " 480 "}, 480),
            ('{"command": "StartWatching"}', {}, None),
            ('{"command": "STARTWATCHING", "minutes": null}', {"minutes": "60"}, 60),
            ('{"command": "StartWatching", "minutes": 1}', {"minutes": "7"}, 1),
        ],
    )
    def test_lasts_as_long_as_body_or_attribute_say(
        self, body: str, attributes: dict[str, str], minutes: int | None
    ) -> None:
        assert read_command(replace(with_body(body), attributes=attributes)) == StartWatching(minutes)

    @pytest.mark.parametrize(
        ("body", "attributes"),
        [
            ('{"command": "StartWatching", "minutes": 0}', {}),
            ('{"command": "StartWatching", "minutes": 481}', {}),
            ('{"command": "StartWatching", "minutes": -5}', {}),
            ('{"command": "StartWatching", "minutes": 2.5}', {}),
            ('{"command": "StartWatching", "minutes": NaN}', {}),
            ('{"command": "StartWatching", "minutes": "5"}', {}),
            ('{"command": "StartWatching", "minutes": true}', {}),
            ('{"command": "StartWatching", "minutes": [5]}', {"minutes": "5"}),
            ("StartWatching", {"minutes": "five"}),
            ("StartWatching", {"minutes": "0"}),
            ("StartWatching", {"minutes": "481"}),
            ("StartWatching", {"minutes": "2.5"}),
            ("StartWatching", {"minutes": "\u0665"}),
            ("StartWatching", {"minutes": "9" * 5000}),
        ],
    )
    def test_of_another_length_is_rejected_and_the_reason_names_it(self, body: str, attributes: dict[str, str]) -> None:
        with pytest.raises(Rejected, match="minutes"):
            read_command(replace(with_body(body), attributes=attributes))


@pytest.mark.parametrize("body", ["StopWatching", " stopwatching\n", '{"command": "StopWatching", "minutes": 5}'])
def test_a_stop_asks_for_nothing_more(body: str) -> None:
    assert read_command(with_body(body)) == StopWatching()


class TestForget:
    @pytest.mark.parametrize(
        ("body", "attributes"),
        [
            (f'{{"command": "Forget", "capture_id": "{EARLIER}"}}', {}),
            (f'{{"command": " forget ", "capture_id": "{EARLIER}"}}', {"capture_id": "another"}),
            ('{"command": "Forget", "capture_id": null}', {"capture_id": EARLIER}),
            ("Forget", {"capture_id": EARLIER}),
            (" FORGET\n", {"capture_id": f" {EARLIER}\n"}),
        ],
    )
    def test_names_what_body_or_attribute_say(self, body: str, attributes: dict[str, str]) -> None:
        assert read_command(replace(with_body(body), attributes=attributes)) == Forget(EARLIER)

    @pytest.mark.parametrize(
        ("body", "attributes"),
        [
            ("Forget", {}),
            ("Forget", {"capture_id": ""}),
            (f"Forget {EARLIER}", {}),
            ('{"command": "Forget"}', {}),
            ('{"command": "Forget", "capture_id": ""}', {}),
            (f'{{"command": "Forget", "capture_id": ["{EARLIER}"]}}', {"capture_id": EARLIER}),
            ('{"command": "Forget", "capture_id": 5}', {}),
            ("Forget", {"capture_id": "yesterday"}),
            ("Forget", {"capture_id": "now"}),
            ("Forget", {"capture_id": "2026-11-22T18:43:00.000Z"}),
            ("Forget", {"capture_id": "2026-11-22T18:43:00Z#6f1c"}),
            ("Forget", {"capture_id": "2026-11-22T18:43:00.000Z#../x"}),
            ("Forget", {"capture_id": "*"}),
            ("Forget", {"capture_id": "\x1b[2J" * 100_000}),
        ],
    )
    def test_of_what_is_no_capture_is_rejected(self, body: str, attributes: dict[str, str]) -> None:
        with pytest.raises(Rejected) as rejection:
            read_command(replace(with_body(body), attributes=attributes))
        assert str(rejection.value).isprintable()
        assert len(str(rejection.value)) < 10 * MAX_SHOWN_CHARACTERS

    @given(st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()))
    def test_is_read_or_rejected_in_printable_words_whatever_it_says(self, capture_id: object) -> None:
        command = read_or_rejected(with_body(json.dumps({"command": "Forget", "capture_id": capture_id})))
        assert command.isprintable() if isinstance(command, str) else isinstance(command, Forget)

    @pytest.mark.parametrize("camera", ["watch/lobby", "audience/lobby", "watching/lobby"])
    def test_reaches_no_watch(self, camera: str) -> None:
        body = json.dumps({"command": "Forget", "camera": camera, "capture_id": EARLIER})
        with pytest.raises(Rejected, match="unknown camera"):
            read_command(with_body(body))

    def test_of_itself_is_rejected(self) -> None:
        identity = {"press_id": "6f1c", "pressed_at": "2026-11-22T18:43:00.000Z"}
        with pytest.raises(Rejected, match="itself"):
            read_command(replace(with_body("Forget"), attributes={**identity, "capture_id": EARLIER}))


def test_an_unknown_command_is_told_all_that_are_known() -> None:
    with pytest.raises(
        Rejected, match=r"known are TakePicture, Say, RecordVideo, StartWatching, StopWatching, Forget$"
    ):
        read_command(with_body("Dance"))
