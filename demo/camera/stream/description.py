"""The SDP that DESCRIBE answers, laid out as Dahua's: video, sound, and ONVIF's metadata that few clients want."""

from base64 import b64encode

from demo.camera.stream.faults import DescriptionFault, ParameterSets, StreamFaults
from demo.camera.stream.film import Codec
from demo.camera.stream.reel import Reel

VIDEO, AUDIO, METADATA = 0, 1, 4
"""The tracks' numbers in their addresses."""

_HUGE = 16 * 1024 * 1024
_SESSION = """v=0
o=- 2251938203 2251938203 IN IP4 0.0.0.0
s=Media Server
c=IN IP4 0.0.0.0
t=0 0
a=control:*
a=packetization-supported:DH
a=rtppayload-supported:DH
a=range:npt=now-
"""
_AUDIO = f"""m=audio 0 RTP/AVP 8
a=control:trackID={AUDIO}
a=rtpmap:8 PCMA/8000
a=recvonly
"""
_METADATA = f"""m=application 0 RTP/AVP 107
a=control:trackID={METADATA}
a=rtpmap:107 vnd.onvif.metadata/90000
a=recvonly
"""
_MJPEG = f"""m=video 0 RTP/AVP 26
a=control:trackID={VIDEO}
a=rtpmap:26 JPEG/90000
a=recvonly
"""
_SPROP = {Codec.H264: ("sprop-parameter-sets",), Codec.H265: ("sprop-vps", "sprop-sps", "sprop-pps")}


def describe(reel: Reel, faults: StreamFaults) -> bytes:
    fault = faults.description
    if fault is DescriptionFault.EMPTY:
        return b""
    if fault is DescriptionFault.RUBBISH:
        return bytes(range(256)) * 4
    text = _text(reel, faults).replace("\n", "\r\n").encode()
    return text + b"a=x-rubbish:".ljust(_HUGE, b"x") + b"\r\n" if fault is DescriptionFault.HUGE else text


def _text(reel: Reel, faults: StreamFaults) -> str:
    match faults.description:
        case DescriptionFault.NO_VIDEO:
            return _SESSION + _AUDIO
        case DescriptionFault.MJPEG:
            return _SESSION + _MJPEG + _AUDIO
        case DescriptionFault.FRAGMENT:
            return f"m=video 0 RTP/AVP 96\na=rtpmap:96 {_name(reel)}/90000\na=control:trackID={VIDEO}\n"
        case _:
            return _SESSION + _video(reel, faults.parameter_sets) + _AUDIO + _METADATA


def _video(reel: Reel, told: ParameterSets) -> str:
    return f"""m=video 0 RTP/AVP 96
a=control:trackID={VIDEO}
a=framerate:{reel.film.fps:.6f}
a=rtpmap:96 {_name(reel)}/90000
{_format(reel, told)}a=recvonly
"""


def _name(reel: Reel) -> str:
    return reel.film.codec.replace(".", "")


def _format(reel: Reel, told: ParameterSets) -> str:
    fields = []
    if reel.film.codec is Codec.H264:
        fields += ["packetization-mode=1", f"profile-level-id={reel.parameter_sets[0][1:4].hex().upper()}"]
    if told is not ParameterSets.BAND:
        coded = [b64encode(unit).decode() for unit in reel.parameter_sets]
        names = _SPROP[reel.film.codec]
        values = [",".join(coded)] if len(names) == 1 else coded
        fields += [f"{name}={value}" for name, value in zip(names, values, strict=True)]
    return f"a=fmtp:96 {';'.join(fields)}\n" if fields else ""
