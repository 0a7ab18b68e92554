"""What firmware has been seen to get wrong, to be switched on and off while the camera runs.

Each of these was reported of real cameras by their owners or by other clients' maintainers.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from demo.camera.digest import Algorithm


class ConnectionFault(StrEnum):
    """Befalls every request, before the camera has looked at it."""

    RESETS = "resets"
    HANGS = "hangs"


class SnapshotFault(StrEnum):
    RESETS = "resets"
    HANGS = "hangs"
    DRIPS = "drips"
    """The whole picture, in pieces spread over `Faults.drip_seconds`."""
    ERROR_500 = "error_500"
    HTML = "html"
    """A web page, with status 200."""
    ERROR_TEXT = "error_text"
    """`Error`, `Bad Request!` as plain text, with status 200."""
    EMPTY = "empty"
    SHORT_BODY = "short_body"
    """Half of what Content-Length promised, then the connection ends."""
    TRUNCATED = "truncated"
    """A JPEG cut off in the middle, with a Content-Length that fits."""
    TRAILING_BYTES = "trailing_bytes"
    """Eight bytes, `dhav` and its like, after the end of the picture."""
    HUGE = "huge"
    """64 MiB that begin like a JPEG."""
    ERROR_401 = "error_401"
    """A 401 to a right login, as when the stream is off or the channel is another's."""


class OverlapFault(StrEnum):
    """What becomes of a snapshot that is asked for while another is being taken."""

    FAILS = "fails"
    STALLS = "stalls"


class PtzFault(StrEnum):
    ABSENT = "absent"
    """A camera that cannot move: 400 to everything."""
    START_FAILS = "start_fails"
    """It starts to move and answers 500 all the same."""
    STOP_FAILS = "stop_fails"
    """It does not stop, and answers 500."""


class SpeakerFault(StrEnum):
    ABSENT = "absent"
    """A camera without a speaker: 400, and `result=0` when asked how many it has."""
    NEVER_ANSWERS = "never_answers"
    """It plays everything and then says nothing."""
    RESETS_MIDWAY = "resets_midway"
    """The connection is reset when half of the sound has come."""
    EMPTY_ANSWER = "empty_answer"
    """It plays everything and answers 200 without a body."""
    ERROR_TEXT = "error_text"
    """It takes everything and answers `Error`, `Bad Request!` with status 200."""
    PAGE = "page"
    """It takes everything and answers a web page, with status 200."""
    ERROR_401 = "error_401"
    """A 401 to a right login, after it has taken everything."""


@dataclass
class LoginFaults:
    """How a door of the camera asks who somebody is; HTTP and RTSP have one each, before the same account."""

    nonce_per_request: bool = False
    """A nonce is stale after its first use."""
    reused_nonce_is_refused: bool = False
    """A nonce that was used before earns a 401 that does not say stale, as a wrong password does."""
    asks_for_no_login: bool = False
    """As a web server does that is no camera."""
    basic_only: bool = False
    """Old firmware: offers and accepts Basic, and nothing else."""
    offers_basic: bool = False
    """Basic stands beside Digest, and is accepted."""
    algorithms: tuple[Algorithm, ...] = (Algorithm.MD5,)
    """A challenge each; newer firmware offers SHA-256, before MD5 or alone."""
    qop: bool = True
    """Without, the challenge is that of RFC 2069, and a nonce has no count."""


@dataclass
class Faults(LoginFaults):
    """Set a field to switch a fault on; `camera.state.faults = Faults()` cures them all."""

    connection: ConnectionFault | None = None
    redirect_to: str | None = None
    """The start of a URL, such as `http://127.0.0.1:8000`: every request is sent there with a 302."""
    closes_connections: bool = False
    """No keep-alive: the connection ends with each answer."""

    stale_nonce_is_403: bool = False
    """A stale nonce earns `403 Authority:check failure.` without a challenge, not `401 stale=true`."""
    missing_right_is_403: bool = False
    """A user without the right to what it asks earns a 403, not a 401 like that for a wrong password."""
    answers_like_a_web_server: bool = False
    """It knows no CGI at all: a page with status 404 to everything, once it has let somebody in."""
    resets_unauthenticated_post: bool = False

    snapshot: SnapshotFault | None = None
    next_snapshots: deque[SnapshotFault | None] = field(default_factory=deque)
    """Used up one a snapshot, before `snapshot` comes to bear."""
    snapshot_overlap: OverlapFault | None = None
    drip_seconds: float = 10.0

    ptz: PtzFault | None = None
    speaker: SpeakerFault | None = None

    def for_this_snapshot(self) -> SnapshotFault | None:
        try:
            return self.next_snapshots.popleft()
        except IndexError:
            return self.snapshot
