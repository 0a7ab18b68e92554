"""What the camera tells of itself: `magicBox.cgi`, `configManager.cgi`, `devAudioOutput.cgi`; `key=value` lines."""

from demo.camera.exchange import BAD_REQUEST, Answer, Exchange
from demo.camera.faults import SpeakerFault
from demo.camera.lockout import LockoutPolicy
from demo.camera.state import CameraState, Identity
from demo.camera.stream.film import Film
from demo.camera.stream.state import StreamState

Fields = dict[str, str | int]


def magic_box(exchange: Exchange) -> None:
    _tell(exchange, _identity(exchange.state.identity).get(exchange.query.get("action", "")))


def config_manager(exchange: Exchange) -> None:
    """Answer with a table, or with a part of one, such as `Encode[0].MainFormat[0].Video`."""
    asked = exchange.query
    tables = _tables(exchange.state) if asked.get("action") == "getConfig" else {}
    name = asked.get("name", "")
    table = tables.get(name.partition("[")[0].partition(".")[0], {})
    parts = tuple(f"table.{name}{end}" for end in ("", ".", "["))
    _tell(
        exchange, {key: value for key, value in table.items() if key == parts[0] or key.startswith(parts[1:])} or None
    )


def audio_outputs(exchange: Exchange) -> None:
    speakers = 0 if exchange.state.faults.speaker is SpeakerFault.ABSENT else 1
    _tell(exchange, {"result": speakers} if exchange.query.get("action") == "getCollect" else None)


def _tell(exchange: Exchange, fields: Fields | None) -> None:
    if fields is None:
        exchange.answer(BAD_REQUEST)
    else:
        exchange.answer(Answer("".join(f"{key}={value}\r\n" for key, value in fields.items()).encode()))


def _identity(identity: Identity) -> dict[str, Fields]:
    return {
        "getDeviceType": {"type": identity.device_type},
        "getSerialNo": {"sn": identity.serial},
        "getSoftwareVersion": {"version": f"{identity.version},build:{identity.build}"},
        "getMachineName": {"name": identity.name},
        "getSystemInfo": {"deviceType": identity.device_type, "serialNumber": identity.serial},
    }


def _tables(state: CameraState) -> dict[str, Fields]:
    return {
        "AudioOutputVolume": {"table.AudioOutputVolume[0]": state.volume},
        "General": _general(state.identity, state.logins.lockout.policy),
        "Encode": _encode(state.stream),
        "SmartEncode": {"table.SmartEncode[0].Enable": str(state.stream.smart_codec).lower()},
    }


def _general(identity: Identity, policy: LockoutPolicy) -> Fields:
    return {
        "table.General.MachineName": identity.name,
        "table.General.LockLoginEnable": str(policy.enabled).lower(),
        "table.General.LockLoginTimes": policy.attempts,
        "table.General.LoginFailLockTime": round(policy.seconds),
    }


def _encode(stream: StreamState) -> Fields:
    """Give nothing for a camera without a stream."""
    main, sub = stream.on_air(0), stream.on_air(1)
    return _format("MainFormat", main) | _format("ExtraFormat", sub) if main and sub else {}


def _format(name: str, film: Film) -> Fields:
    width, height = film.size
    settings: Fields = {
        "BitRate": film.bit_rate // 1000,
        "BitRateControl": "VBR",
        "Compression": film.codec,
        "CustomResolutionName": f"{width}x{height}",
        "FPS": film.fps,
        "GOP": film.key_frame_distance,
        "Height": height,
        "Width": width,
        "resolution": f"{width}x{height}",
    }
    video = {f"table.Encode[0].{name}[0].Video.{key}": value for key, value in settings.items()}
    return {f"table.Encode[0].{name}[0].VideoEnable": "true", **video}
