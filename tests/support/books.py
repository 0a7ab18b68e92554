"""The books of a site: what became of every press, seen from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from demo.camera import SimulatedCamera, SoundStarted
from tests.support.account import Account, Item
from tests.support.host import Host
from tests.support.waiting import eventually

DEAD = "dead letter"
SETTLED_WITHIN_SECONDS = 60.0
BETWEEN_LOOKS_SECONDS = 0.25
"""Each look keeps moto from answering the worker."""
_LEFT: Mapping[str, set[str]] = {
    "RecordVideo": {"video_key"},
    "Say": set(),
    "StartWatching": set(),
    "StopWatching": set(),
    "Forget": set(),
}
"""What a completed command has left in the bucket; a photo, where it is not among these."""


@dataclass
class Books:
    account: Account
    cameras: Mapping[str, SimulatedCamera]
    host: Host
    _presses: dict[str, str] = field(default_factory=dict)
    _dead: set[str] = field(default_factory=set)
    _spooled: set[str] = field(default_factory=set)

    def note_press(self, camera: str, message_id: str) -> str:
        self._presses[message_id] = camera
        return message_id

    def note_spooled(self) -> None:
        """Photos and clips that are in a spool now, by their presses: they must not be missing in the end."""
        self._spooled |= set(self._in_spool())

    def record_of(self, message_id: str) -> Item:
        return self._records().get(message_id, {})

    def message_of(self, camera: str) -> str:
        """The id of the only message for this camera."""
        [message_id] = [message_id for message_id, name in self._presses.items() if name == camera]
        return message_id

    def settle(self, within: float = SETTLED_WITHIN_SECONDS) -> None:
        """Until every press has come to an end and nothing is left on the queue."""
        eventually(self._is_settled, within, BETWEEN_LOOKS_SECONDS)

    def balance(self, within: float = SETTLED_WITHIN_SECONDS) -> dict[str, Item]:
        """The end of every press by its camera, once it is known that the promises were kept.

        A dead letter's `status` is `DEAD`; of several presses of one camera, the last is told of. Call it with a
        worker running wherever a spool is to be brought home.
        """
        self.settle(within)
        eventually(lambda: not self._left_in_spool())
        ends = self.ends()
        self._check_photos(ends)
        self._check_sentences(ends)
        return {camera: ends[message_id] for message_id, camera in self._presses.items()}

    def ends(self) -> dict[str, Item]:
        """The end of every press by its message, each exactly one of those that are promised."""
        records = self._records()
        return {message_id: self._end(message_id, records.get(message_id, {})) for message_id in self._presses}

    def _records(self) -> dict[str, Item]:
        """By their presses. One scan for all of them: moto takes its time, and meanwhile no worker is answered."""
        return {_press_of(item): item for item in self.account.records()}

    def _is_settled(self) -> bool:
        if self.account.messages():
            return False
        self._dead |= self.account.dead_messages().keys()
        ended = {press for press, record in self._records().items() if record["status"] != "in_progress"}
        return self._presses.keys() <= ended | self._dead

    def _end(self, message_id: str, record: Item) -> Item:
        terminal = record.get("status") not in {None, "in_progress"}
        dead = message_id in self._dead
        assert terminal != dead, f"{self._presses[message_id]}: record {record}, dead letter: {dead}"
        if dead:
            assert self._logged_reasons(message_id), f"no reason was logged for {self._presses[message_id]}"
            return record | {"status": DEAD}
        if record["status"] == "failed":
            assert record["error"]
        return record

    def _logged_reasons(self, message_id: str) -> list[str]:
        mine = (entry for entry in self.host.entries if entry.get("message_id") == message_id)
        return [str(entry.get("reason") or entry["error"]) for entry in mine if entry["level"] == "error"]

    def _check_photos(self, ends: Mapping[str, Item]) -> None:
        for message_id, record in ends.items():
            where = f"{self._presses[message_id]}: {record}"
            if message_id in self._spooled:
                assert record["status"] in {"completed", "failed"}, where
                assert is_stored(record), where
            if "image_key" in record:
                photo, content_type = self.account.photo(record["image_key"])
                assert content_type == "image/jpeg", where
                assert self._presses[message_id].encode() in photo[:200], where
            if record["status"] == "completed":
                left = _LEFT.get(record.get("command", ""), {"image_key"})
                assert {"image_key", "video_key"} & record.keys() == left, where

    def _check_sentences(self, ends: Mapping[str, Item]) -> None:
        """No sentence was said twice, and none that the record does not know of."""
        for name, camera in self.cameras.items():
            speech = [end.get("speech") for message_id, end in ends.items() if self._presses[message_id] == name]
            surely = sum(said in {"spoken", "probably_spoken"} for said in speech)
            perhaps = sum(said in {"unknown", "failed"} for said in speech)
            heard = len(camera.state.journal.of(SoundStarted))
            assert surely <= heard <= surely + perhaps, f"{name}: {heard} sounds for {speech}"

    def _left_in_spool(self) -> list[str]:
        """What no record needs: it is done, and its photo or clip is stored."""
        spooled = self._in_spool()
        records = self._records() if spooled else {}
        return [press for press in spooled if _is_home(records.get(press, {}))]

    def _in_spool(self) -> list[str]:
        return [
            folder.name.partition("Z-")[2]
            for data_dir in self.host.data_dirs
            for folder in data_dir.glob("spool/[!.]*/*")
        ]


def is_stored(record: Item) -> bool:
    return bool({"image_key", "video_key"} & record.keys())


def _is_home(record: Item) -> bool:
    return record.get("status", "in_progress") != "in_progress" and is_stored(record)


def _press_of(record: Item) -> str:
    return str(record["capture_id"]).partition("#")[2]
