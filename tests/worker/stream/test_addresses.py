import pytest

from worker.stream.address import NotAnAddress, camera_address, is_at_camera, read_address, resolve

DAHUA = "rtsp://192.0.2.7:554/cam/realmonitor?channel=1&subtype=0&unicast=true/"


@pytest.mark.parametrize(
    ("base", "control", "address"),
    [
        (DAHUA, "trackID=0", f"{DAHUA}trackID=0"),
        (DAHUA, "*", DAHUA),
        (DAHUA, "", DAHUA),
        (DAHUA, "rtsp://192.0.2.9/other", "rtsp://192.0.2.9/other"),
        (DAHUA, "/root/track", "rtsp://192.0.2.7:554/root/track"),
        ("rtsp://192.0.2.7/stream", "track1", "rtsp://192.0.2.7/stream/track1"),
    ],
)
def test_a_control_attribute_is_absolute_or_goes_on_from_its_base(base: str, control: str, address: str) -> None:
    assert resolve(base, control) == address


@pytest.mark.parametrize("control", ["a b", "a\r\nX: y", "rtsp://user:password@192.0.2.7/", "a" * 2000])
def test_one_that_cannot_be_asked_for_is_none(control: str) -> None:
    with pytest.raises(NotAnAddress):
        resolve(DAHUA, control)


@pytest.mark.parametrize(
    ("host", "stream", "channel", "port", "url"),
    [
        ("http://192.0.2.7", "main", None, 554, "rtsp://192.0.2.7/cam/realmonitor?channel=1&subtype=0"),
        ("https://cam.lan:8443", "sub", 3, 8554, "rtsp://cam.lan:8554/cam/realmonitor?channel=3&subtype=1"),
        ("http://[2001:db8::7]", "main", None, 554, "rtsp://[2001:db8::7]/cam/realmonitor?channel=1&subtype=0"),
    ],
)
def test_the_camera_s_own_address(host: str, stream: str, channel: int | None, port: int, url: str) -> None:
    address = camera_address(host, "sub" if stream == "sub" else "main", channel, port)
    assert (address.url, address.port) == (url, port)
    assert is_at_camera(address, host)


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.7/",
        "rtsps://192.0.2.7/",
        "rtsp:///cam",
        "rtsp://admin:sesame@192.0.2.7/",
        "rtsp://192.0.2.7:port/",
        "rtsp://admin:sesame/street@192.0.2.7/",
        "rtsp://192.0.2.7/a b",
        "rtsp://[192.0.2.7/",
    ],
)
def test_an_address_of_one_s_own_that_cannot_be_used_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(NotAnAddress) as error:
        read_address(url)
    shown = f"{error.value!r} {error.value.__cause__!r}"
    assert "sesame" not in shown


def test_an_address_of_one_s_own_may_be_the_camera_s() -> None:
    assert is_at_camera(read_address("rtsp://192.0.2.7:8554/live"), "http://192.0.2.7")
    assert not is_at_camera(read_address("rtsp://192.0.2.8/live"), "http://192.0.2.7")
