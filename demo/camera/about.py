"""What the camera tells of itself: `magicBox.cgi`, `configManager.cgi`, `devAudioOutput.cgi`; `key=value` lines."""

from demo.camera.exchange import BAD_REQUEST, Answer, Exchange
from demo.camera.faults import SpeakerFault
from demo.camera.lockout import LockoutPolicy
from demo.camera.state import CameraState, Identity

Fields = dict[str, str | int]


def magic_box(exchange: Exchange) -> None:
    _tell(exchange, _identity(exchange.state.identity).get(exchange.query.get("action", "")))


def config_manager(exchange: Exchange) -> None:
    asked = exchange.query
    tables = _tables(exchange.state) if asked.get("action") == "getConfig" else {}
    _tell(exchange, tables.get(asked.get("name", "")))


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
    }


def _general(identity: Identity, policy: LockoutPolicy) -> Fields:
    return {
        "table.General.MachineName": identity.name,
        "table.General.LockLoginEnable": str(policy.enabled).lower(),
        "table.General.LockLoginTimes": policy.attempts,
        "table.General.LoginFailLockTime": round(policy.seconds),
    }
