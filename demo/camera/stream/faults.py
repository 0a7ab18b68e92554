"""What streams of real cameras have been seen to get wrong, to be switched on and off while one is being watched.

Each was reported by owners or by the maintainers of other clients; where a thread says so, it is named.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from demo.camera.faults import ConnectionFault, LoginFaults
from demo.camera.stream.film import Tint


class Full(IntEnum):
    """What a camera answers to one client too many."""

    FORBIDDEN = 403
    """Dahua: "The online user amount has reached the threshold" (AlexxIT/WebRTC#959)."""
    NOT_ENOUGH_BANDWIDTH = 453
    """Hikvision and others (Tedyst/HikLoad#4)."""
    SERVICE_UNAVAILABLE = 503
    """gst-rtsp-server (1.22): too many sessions, and as well where its own source is away."""
    UNAUTHORIZED = 401
    """Dahua: as if the password were wrong (rroller/dahua#603)."""


class DescriptionFault(StrEnum):
    NO_VIDEO = "no_video"
    """Sound and nothing else."""
    MJPEG = "mjpeg"
    """A second stream that is set to MJPEG."""
    RUBBISH = "rubbish"
    """Bytes that are no SDP."""
    FRAGMENT = "fragment"
    """Without the lines that every SDP begins with, and without parameter sets (AlexxIT/go2rtc#679)."""
    EMPTY = "empty"
    HUGE = "huge"
    """16 MiB."""


class SendingFault(StrEnum):
    STALLS = "stalls"
    """It sends nothing more and keeps the connection; from the start, it is mute."""
    REPORTS_ALONE = "reports_alone"
    """A report in each picture's place: live555 (2024.06.26) goes on with them behind the end of a Matroska file."""
    CUTS = "cuts"
    """The connection ends in the middle of a packet."""
    ENDS = "ends"
    """The connection ends between two packets."""
    BYE = "bye"
    """RTCP says BYE, and nothing more comes."""
    TEARDOWN = "teardown"
    """The camera itself sends a TEARDOWN and ends the connection, as after a change of its settings."""


class KeyFrameFault(StrEnum):
    ONLY_FIRST = "only_first"
    """After the first none comes, as with Smart Codec or an interval of minutes; what follows is smeared."""
    LOST = "lost"
    """None arrives, and the sequence has gaps in their places: decoders show grey."""


class StrayFault(StrEnum):
    """Packets of somebody else's session, as old live555 servers send them (scottlamb/retina#17)."""

    CHANNEL = "channel"
    """On a channel that nobody set up."""
    SSRC = "ssrc"
    """On the right channel, from another source."""


class ParameterSets(StrEnum):
    """Where SPS and PPS, and the VPS of H.265, are told."""

    BOTH = "both"
    DESCRIPTION = "description"
    BAND = "band"
    """Only before each key frame (AxisCommunications/media-stream-library-js#417)."""


@dataclass
class StreamFaults(LoginFaults):
    """Set a field to switch a fault on; `camera.state.stream.faults = StreamFaults()` cures them all."""

    qop: bool = False
    """Dahua's RTSP offers none."""

    connection: ConnectionFault | None = None
    """Befalls every request."""
    redirect_to: str | None = None
    """A URL that DESCRIBE is sent to with a 302."""
    huge_header: bool = False
    """A header of 1 MiB in every answer."""
    options_needs_login: bool = False
    """As Hikvision; most answer OPTIONS to anybody."""
    ends_connection_after_401: bool = False
    """The client has to connect anew to log in."""
    refuses_right_login: bool = False
    """401 to a right login, as of a user without the right to watch; no challenge says so."""
    when_full: Full = Full.FORBIDDEN
    """How many are too many is `state.stream.sessions.limit`."""
    knows_no_get_parameter: bool = False
    """501, and not among what OPTIONS names: a client has to keep its session alive with something else."""

    description: DescriptionFault | None = None
    no_content_base: bool = False
    """DESCRIBE does not say what the tracks' addresses are relative to."""
    no_rtp_info: bool = False
    """PLAY names neither sequence nor timestamp (ngraziano/SharpRTSP#43)."""
    other_channels: bool = False
    """SETUP gives other channels than were asked for, as a server may."""
    rtp_before_play_answer: bool = False
    """Packets come before the answer to PLAY does (scottlamb/retina#46)."""

    sending: SendingFault | None = None
    parameter_sets: ParameterSets = ParameterSets.BOTH
    key_frames: KeyFrameFault | None = None
    starts_anywhere: bool = False
    """The first picture is the next one, not the next key frame."""
    tint: Tint | None = None
    """What is sent decodes to one colour, as broken pictures do on other clients."""
    no_marker_bits: bool = False
    """Nothing says which packet is a picture's last; the timestamp of the next does."""
    early_marker_bits: bool = False
    """The parameter sets' packet has one too, with the timestamp of the picture that follows (scottlamb/retina#13)."""
    loses_every: int = 0
    """Of so many packets one is missing; 0 for none (scottlamb/retina#119)."""
    timestamp_offset: float = 0.0
    """Seconds that RTP timestamps are off by; to change it is a jump, as when a camera sets its clock (retina#64)."""
    strays: StrayFault | None = None
    huge_frame: bool = False
    """Each key frame is 32 MiB long."""
