"""What a person reads and gets who switches the camera's stream on."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.worker.settings.conftest import ENOUGH, SECRET
from worker.settings import CameraSettings, Configuration, SettingsError, load_configuration
from worker.settings import camera as camera_settings

OWN = "rtsp://192.0.2.20:8554/lobby"

Load = Callable[[Mapping[str, str]], Configuration]


def camera(**given: str) -> CameraSettings:
    return load_configuration({**ENOUGH, **given}).cameras["default"]


def mistakes(**given: str) -> list[str]:
    with pytest.raises(SettingsError) as error:
        load_configuration({**ENOUGH, **given})
    assert SECRET not in str(error.value)
    return error.value.mistakes


class TestTheStream:
    def test_is_off_unless_it_is_asked_for(self) -> None:
        found = camera()
        assert (found.streams, found.lens, found.rtsp_port) == (False, "snapshot", 554)

    @pytest.mark.parametrize(
        ("given", "on"),
        [
            ({"CAMERA_STREAM": "main"}, True),
            ({"CAMERA_STREAM": "sub"}, True),
            ({"CAMERA_STREAM": "off"}, False),
            ({"CAMERA_STREAM": "False"}, False),
            ({"CAMERA_STREAM_URL": OWN}, True),
            ({"CAMERA_STREAM": "main", "CAMERA_STREAM_URL": OWN}, True),
            ({"CAMERA_STREAM": "off", "CAMERA_STREAM_URL": OWN}, False),
        ],
    )
    def test_is_switched_on_by_its_name_or_its_address_and_off_by_a_word(
        self,
        given: dict[str, str],
        on: bool,  # noqa: FBT001 - of a table
    ) -> None:
        assert camera(**given).streams is on

    @pytest.mark.parametrize("word", ["loud", "MAIN "])
    def test_is_nothing_else(self, word: str) -> None:
        assert mistakes(CAMERA_STREAM=word) == ["CAMERA_STREAM: must be off, main or sub"]

    @pytest.mark.parametrize(
        "address",
        [
            f"rtsp://admin:{SECRET}@192.0.2.20/lobby",
            f"rtsp://{SECRET}@192.0.2.20/lobby",
            f"rtsp://@192.0.2.20/{SECRET}",
            f"rtsp://admin%3A{SECRET}%40192.0.2.20/lobby",
            f"rtsp://192.0.2.20/lobby?user=admin&password={SECRET}",
            f"rtsp://192.0.2.20/user=admin&password={SECRET}&channel=1&stream=0.sdp",
            f"rtsp://192.0.2.20/user=admin_password={SECRET}_channel=1_stream=0.sdp",
            f"rtsp://192.0.2.20/lobby?channel=1;pwd={SECRET}",
            f"rtsp://192.0.2.20/lobby?p%61ssword={SECRET}",
            f"rtsp://192.0.2.20/lobby?src=rtsp://admin:{SECRET}@192.0.2.30/",
        ],
    )
    def test_takes_no_address_with_a_login_in_it(self, address: str) -> None:
        [mistake] = mistakes(CAMERA_STREAM_URL=address)
        assert mistake.startswith("CAMERA_STREAM_URL: the address must not hold a user name or password")

    @pytest.mark.parametrize(
        "address",
        [
            f"http://192.0.2.20/{SECRET}",
            f"rtsps://192.0.2.20/{SECRET}",
            f"192.0.2.20/{SECRET}",
            f"rtsp:///{SECRET}",
            f"rtsp://192.0.2.20:99999/{SECRET}",
            f"rtsp://192.0.2.20:0/{SECRET}",
            f"rtsp://[{SECRET}",
            f"rtsp://192.0.2.20/{SECRET} x",
            f"rtsp://192.0.2.20/{SECRET}\r\nTEARDOWN",
            f"rtsp://192.0.2.20/{SECRET}{'x' * 1024}",
        ],
    )
    def test_takes_nothing_else_for_an_address(self, address: str) -> None:
        assert mistakes(CAMERA_STREAM_URL=address) == [
            "CAMERA_STREAM_URL: must be a stream's address, such as rtsp://192.168.1.20:8554/lobby"
        ]

    @pytest.mark.parametrize("given", [{"CAMERA_STREAM": "main"}, {"CAMERA_STREAM_URL": OWN}])
    def test_needs_the_extra_and_says_how_to_get_it(
        self, given: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(camera_settings, "video_installed", lambda: False)
        [mistake] = mistakes(**given)
        assert mistake == (
            f"{next(iter(given))}: needs the extra video: pip install 'camera-to-voice[video]', or run the image "
            "worker-video"
        )
        (tmp_path / "cameras.toml").write_text('[lobby]\nhost = "a"\npassword = "b"\nstream = "sub"')
        with pytest.raises(SettingsError) as error:
            load_configuration(
                {"BUCKET_NAME": "photos", "TABLE_NAME": "records", "CAMERAS_FILE": str(tmp_path / "cameras.toml")}
            )
        assert error.value.mistakes[0].startswith("CAMERAS_FILE: [lobby] stream: needs the extra video")

    def test_needs_the_extra_beside_whatever_else_is_wrong(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(camera_settings, "video_installed", lambda: False)
        told = mistakes(CAMERA_STREAM="main", CAMERA_LENS="hot", CAMERA_RTSP_PORT="0", VIDEO_SECONDS="0")
        assert [line.partition(":")[0] for line in told] == ["VIDEO_SECONDS", "CAMERA_STREAM", "CAMERA_RTSP_PORT"]

    def test_needs_no_extra_while_it_is_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(camera_settings, "video_installed", lambda: False)
        assert not camera().streams
        assert not camera(CAMERA_STREAM="off", CAMERA_STREAM_URL=OWN).streams


class TestTheLens:
    @pytest.mark.parametrize("lens", ["lazy", "hot"])
    def test_wants_a_stream(self, lens: str) -> None:
        for given in ({}, {"CAMERA_STREAM": "off", "CAMERA_STREAM_URL": OWN}):
            [mistake] = mistakes(CAMERA_LENS=lens, **given)
            assert mistake == (
                f"CAMERA_LENS: {lens} takes the photo from the camera's stream: set CAMERA_STREAM (or stream) to main "
                "as well"
            )

    def test_does_not_complain_of_a_stream_that_is_complained_of_itself(self) -> None:
        assert len(mistakes(CAMERA_LENS="lazy", CAMERA_STREAM="loud")) == 1
        assert len(mistakes(CAMERA_LENS="lazy", CAMERA_STREAM_URL=SECRET)) == 1

    @pytest.mark.parametrize("given", [{"CAMERA_STREAM": "sub"}, {"CAMERA_STREAM_URL": OWN}])
    def test_takes_either(self, given: dict[str, str]) -> None:
        assert camera(CAMERA_LENS="hot", **given).lens == "hot"


class TestClips:
    @pytest.mark.parametrize("seconds", ["0.5", "0.01"])
    def test_are_not_looked_at_more_often_than_once_a_second(self, seconds: str) -> None:
        assert mistakes(VIDEO_LOOK_SECONDS=seconds) == [
            "VIDEO_LOOK_SECONDS: must be 0, for no look at all, or a number from 1 to 60, such as 2"
        ]

    def test_need_not_be_looked_at(self) -> None:
        assert load_configuration({**ENOUGH, "VIDEO_LOOK_SECONDS": "0"}).worker.video_look_seconds == 0
