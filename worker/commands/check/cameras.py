"""One camera: reachable, its password accepted, and whether it takes photos, turns and speaks."""

from collections.abc import Iterator
from dataclasses import dataclass

from worker.camera.amcrest import AmcrestCamera
from worker.commands.check import verdicts
from worker.commands.check.line import Level, Line, failed, ok, warning
from worker.commands.check.logins import Logins
from worker.commands.check.stream import StreamCheck
from worker.domain.errors import CameraError, CameraRefused, CameraUnsupported, CameraUntrusted, NotACamera
from worker.domain.jpeg import dimensions
from worker.domain.sound import Played
from worker.settings import CameraSettings

MIN_PIXELS = 80
"""A side; Rekognition refuses smaller photos."""


@dataclass(frozen=True, kw_only=True)
class CameraCheck:
    """`speaks` is whether presses will make it speak; only with `aloud` it nods, and plays `sound` if there is one."""

    name: str
    camera: AmcrestCamera
    settings: CameraSettings
    logins: Logins
    speaks: bool
    aloud: bool
    sound: bytes | None
    stream: StreamCheck | None = None

    def lines(self) -> Iterator[Line]:
        """Nothing more is asked of a camera that cannot be reached or refuses the password."""
        welcome = self._welcome(f"camera {self.name}")
        yield welcome
        if welcome.level is Level.FAILED:
            return
        yield self._photo(f"camera {self.name} photo")
        yield self._nod(f"camera {self.name} nod")
        yield self._speaker(f"camera {self.name} speaker")
        if self.stream is not None:
            yield from self.stream.lines()

    def _welcome(self, name: str) -> Line:
        try:
            identity = self.camera.identify()
        except CameraRefused as error:
            return failed(name, f"{error} (this check has spent one login; {verdicts.logins_left(self.logins.left())})")
        except CameraUnsupported as error:
            return warning(name, str(error))
        except CameraUntrusted as error:
            return failed(name, str(error))
        except NotACamera as error:
            remedy = "is CAMERA_HOST the camera's address, and the port in it, if any, that of its web page?"
            return failed(name, str(error), remedy)
        except CameraError as error:
            return failed(name, str(error), "is it on, on this network, and CAMERA_HOST its address?")
        device = identity.device_type or "an Amcrest camera that does not tell its type"
        return ok(name, f"{device} at {self.settings.host} accepts the password; {self._login_limit()}")

    def _login_limit(self) -> str:
        try:
            limit = self.camera.login_limit()
        except CameraError:
            return verdicts.login_limit(None)
        self.logins.remember(limit)
        return verdicts.login_limit(limit)

    def _photo(self, name: str) -> Line:
        try:
            photo = self.camera.snapshot()
        except CameraError as error:
            return failed(name, str(error), "is the camera's main stream on? On an NVR, set the channel")
        size = dimensions(photo)
        if size is None or min(size) < MIN_PIXELS:
            return failed(name, f"a JPEG of {size} pixels", f"Rekognition wants {MIN_PIXELS} x {MIN_PIXELS} at least")
        return ok(name, f"{size[0]} x {size[1]} pixels, {len(photo) // 1000} kB")

    def _nod(self, name: str) -> Line:
        if not self.settings.nod:
            return ok(name, "switched off (CAMERA_NOD)")
        try:
            if self.aloud:
                self.camera.nod()
            else:
                self.camera.hold_still()
        except CameraError as error:
            return warning(name, str(error), "CAMERA_NOD=false is for a camera that cannot turn")
        return ok(name, "it turned up and down" if self.aloud else "PTZ answers; `check --speak` turns it")

    def _speaker(self, name: str) -> Line:
        if not self.speaks:
            return ok(name, "switched off (CAMERA_SPEAKER or SPEECH)")
        quiet = self._asked(name)
        return self._heard(quiet) if self.aloud else quiet

    def _asked(self, name: str) -> Line:
        try:
            return verdicts.speaker(name, self.camera.speakers(), self.camera.volume())
        except CameraError as error:
            return warning(name, f"could not tell: {error}", "`check --speak` tries it")

    def _heard(self, quiet: Line) -> Line:
        """Plays the sound; what was found in `quiet` stands if nobody can have heard it."""
        if self.sound is None:
            return warning(quiet.name, "not tried: there is no sentence to say, see Polly above")
        try:
            played = self.camera.play(self.sound, self.settings.audio_format)
        except CameraError as error:
            remedy = "CAMERA_SPEAKER=false if it has none; a doorbell takes only alaw"
            return failed(quiet.name, str(error), remedy)
        if quiet.level is Level.FAILED:
            return quiet
        answer = "played" if played is Played.CONFIRMED else "sent, and the camera never answered, as many do"
        return ok(quiet.name, f"the sentence was {answer}: did you hear it?")
