"""Where in a job a worker can be when it is stopped or killed, and how the next one finds it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from demo.camera import SoundStarted
from demo.camera.stream.film import Film
from tests.support.cloud_proxy import Hold
from tests.support.site import Site, about
from tests.support.waiting import eventually

LONG = "This sentence goes on for quite some time, so that there is enough of it left when the worker has gone."
End = Literal["killed", "stopped"]
ENDS: list[End] = ["killed", "stopped"]

SPOKEN, UNKNOWN = ("spoken",), ("unknown",)
EITHER = (*SPOKEN, *UNKNOWN)
"""botocore repeats the mark whose answer was held up for 3 s, perhaps after it was taken back: then nothing is said."""

SMALL = Film(size=(320, 240), fps=5, key_frame_distance=5)
"""Rendered in no time, and large enough for a face to be found."""

CLAIM, MARK, END = "attribute_not_exists", '"started"', '"completed"'


@dataclass(frozen=True)
class CloudPoint:
    """A call to AWS that the worker is in the middle of; with `answers`, AWS has done it and the worker not heard."""

    operation: str
    word: str = ""
    answers: bool = False

    def reach(self, site: Site, name: str) -> Callable[[], bool]:
        words = [about(name), *([self.word] if self.word else [])]
        hold: Hold = site.proxy.hold(self.operation, *words, answers=self.answers)
        return hold.reached.is_set


@dataclass(frozen=True)
class SnapshotPoint:
    """The camera is asked and takes its time."""

    def reach(self, site: Site, name: str) -> Callable[[], bool]:
        camera = site.cameras[name]
        camera.state.snapshot_seconds = 8.0
        return lambda: camera.state.lens.peak == 1


@dataclass(frozen=True)
class SoundPoint:
    """The camera hears the sentence."""

    def reach(self, site: Site, name: str) -> Callable[[], bool]:
        return lambda: bool(site.cameras[name].state.journal.of(SoundStarted))


@dataclass(frozen=True)
class VoicePoint:
    """Polly is asked for a text that has the camera's name in it."""

    def reach(self, site: Site, name: str) -> Callable[[], bool]:
        return site.proxy.hold("SynthesizeSpeech", name).reached.is_set


@dataclass(frozen=True)
class RecordingPoint:
    """Two seconds of a clip are on the disk, and more of it comes."""

    def reach(self, site: Site, name: str) -> Callable[[], bool]:
        return lambda: any(
            clip.read_bytes().count(b"moof") > 1 for clip in site.data_dir.glob(f"spool/{name}/*/growing.mp4")
        )


@dataclass(frozen=True)
class LookPoint:
    """A picture of the clip is looked at; it carries no name, and is known by a size that no other camera's has."""

    size: tuple[int, int]

    def reach(self, site: Site, name: str) -> Callable[[], bool]:
        stream = site.cameras[name].state.stream
        assert stream.film is not None
        stream.film = replace(stream.film, size=self.size)
        # Rendered before anybody waits for it.
        stream.reel(0)
        return site.proxy.hold("DetectFaces", _frame_header(*self.size)).reached.is_set


@dataclass(frozen=True)
class Step:
    """Where it ends, and what is known of the sentence afterwards: when it was killed, and when it was stopped."""

    point: CloudPoint | SnapshotPoint | SoundPoint | VoicePoint | RecordingPoint | LookPoint
    killed: tuple[str, ...] = SPOKEN
    stopped: tuple[str, ...] = SPOKEN
    photo: str = "astronaut.jpg"

    def speech(self, end: End) -> tuple[str, ...]:
        """What the record may say of it after this end."""
        return self.killed if end == "killed" else self.stopped


def end_worker(end: End, site: Site, steps: Mapping[str, Step], ask: Callable[[Site, str], object]) -> None:
    """Let a worker end while it is at each step, each of another camera; the next one is still at it afterwards."""
    (site.folder / "phrases.toml").write_text(f'no_face = "{LONG}"\n')
    settings = {"PHRASES_FILE": str(site.folder / "phrases.toml"), "DRAIN_SECONDS": "1"}
    for name, step in steps.items():
        site.camera(name, step.photo)
    reached = {name: step.point.reach(site, name) for name, step in steps.items()}
    worker = site.start(**settings)
    worker.wait_for("the voice is ready")
    for name in steps:
        ask(site, name)
    eventually(lambda: [name for name, is_reached in reached.items() if not is_reached()] == [])
    # The mark is written beside some of these steps.
    marked = {name for name, step in steps.items() if step.killed == UNKNOWN}
    eventually(lambda: marked <= {str(record["camera"]) for record in site.account.records() if "speech" in record})
    if end == "killed":
        site.kill(worker)
    else:
        assert site.stop(worker) == 0
        # What is done and was being deleted comes back by itself.
        site.end_leases()
    site.proxy.heal()
    for camera in site.cameras.values():
        camera.state.snapshot_seconds = 0.0
    site.start(**settings)


def _frame_header(width: int, height: int) -> str:
    """As it stands in a JPEG of this size (ITU-T T.81, B.2.2: SOF0, its length, 8 bits)."""
    return (b"\xff\xc0\x00\x11\x08" + height.to_bytes(2) + width.to_bytes(2)).decode("latin-1")
