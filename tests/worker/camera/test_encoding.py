"""Tables as cameras of several makes are reported to answer."""

import pytest

from worker.camera.encoding import Encoding, read_encoding

MAIN = {
    "table.Encode[0].MainFormat[0].Video.BitRate": "8192",
    "table.Encode[0].MainFormat[0].Video.Compression": "H.265",
    "table.Encode[0].MainFormat[0].Video.FPS": "15",
    "table.Encode[0].MainFormat[0].Video.GOP": "60",
    "table.Encode[0].MainFormat[0].Video.resolution": "1920x1080",
    "table.Encode[0].MainFormat[0].VideoEnable": "true",
}
SUB = {
    "table.Encode[0].ExtraFormat[0].Video.Compression": "H.264",
    "table.Encode[0].ExtraFormat[0].Video.FPS": "7.5",
    "table.Encode[0].ExtraFormat[0].Video.Width": "640",
    "table.Encode[0].ExtraFormat[0].Video.Height": "480",
    "table.Encode[0].ExtraFormat[0].VideoEnable": "false",
}
OTHER = {"table.Encode[1].MainFormat[0].Video.Compression": "MJPG"}


def test_the_main_stream_s_encoder_is_read() -> None:
    found = read_encoding({**MAIN, **SUB, **OTHER}, {"table.SmartEncode[0].Enable": "false"}, "main", 1)
    assert found == Encoding("H.265", 15, 60, "1920x1080", enabled=True, smart=False)
    assert found.key_frame_seconds == 4


def test_the_second_stream_s_is_another() -> None:
    found = read_encoding({**MAIN, **SUB}, {}, "sub", 1)
    assert found == Encoding("H.264", 7.5, None, "640x480", enabled=False, smart=None)
    assert found.key_frame_seconds is None


def test_a_recorder_has_one_a_channel() -> None:
    found = read_encoding({**MAIN, **OTHER}, {"table.SmartEncode[0].Enable": "true"}, "main", 2)
    assert found == Encoding("MJPG", None, None, "", enabled=None, smart=None)


@pytest.mark.parametrize(
    ("table", "smart"),
    [
        ({"table.SmartEncode[0].Enable": "true"}, True),
        ({"table.SmartEncode.Enable": "True"}, True),
        ({"table.SmartEncode[0].Extra[0].Enable": "false", "table.SmartEncode[0].Main.Enable": "true"}, True),
        ({"table.SmartEncode[0].Enable": "maybe"}, None),
        ({"table.SmartEncode[1].Enable": "true"}, None),
    ],
)
def test_smart_codec_is_found_wherever_it_stands(table: dict[str, str], smart: bool | None) -> None:  # noqa: FBT001
    found = read_encoding(MAIN, table, "main", 1)
    assert found is not None
    assert found.smart is smart


@pytest.mark.parametrize("fields", [{}, {"Error": ""}, {"table.Encode[0].Other": "1"}])
def test_a_camera_may_say_nothing(fields: dict[str, str]) -> None:
    assert read_encoding(fields, {}, "main", 1) is None


@pytest.mark.parametrize("text", ["", "fast", "-1", "1e9", "15" * 9, "\u0661\u0665"])
def test_no_number_is_read_that_is_none(text: str) -> None:
    found = read_encoding({**MAIN, "table.Encode[0].MainFormat[0].Video.FPS": text}, {}, "main", 1)
    assert found is not None
    assert found.fps is None
