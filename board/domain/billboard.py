"""Which mood a billboard shows: decided by samples and time alone, so that all screens of a camera show the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from board.domain.playlist import Kind, Playlist, Turn, turn_at

ALONE_SECONDS = 60.0
"""Without a face for so long, the default is shown."""


@dataclass(frozen=True)
class Seen:
    """How many faces wore which emotion `at` a moment, in epoch seconds; numbers may be means."""

    at: float
    faces: Mapping[str, float]

    @property
    def count(self) -> float:
        return sum(self.faces.values())


@dataclass(frozen=True)
class Showing:
    """A mood, shown `since` then, in epoch seconds; `then` is what follows at the end of the video that is on."""

    mood: str
    since: float
    then: "Showing | None" = None


def begin(playlist: Playlist, now: float) -> Showing:
    """What is shown before anything is known."""
    return Showing(playlist.default, now)


def after(playlist: Playlist, showing: Showing, samples: Iterable[Seen], now: float) -> Showing:
    """What is shown at `now`, of `samples` in any order.

    The shown mood stays for its `min_dwell`; then another one takes over whose share of the faces is larger by
    `switch_margin`, at the end of the video that is on, if one is.
    """
    if showing.then is not None and now >= showing.then.since:
        showing = showing.then
    if showing.mood not in playlist.moods:
        # The file has changed.
        return begin(playlist, now)
    if now < showing.since:
        # The clock was set back: nobody wants to wait until it is that late again.
        showing = Showing(showing.mood, now)
    wanted = _wanted(playlist, showing, samples, now)
    if wanted == showing.mood or now - showing.since < playlist.moods[showing.mood].min_dwell:
        return replace(showing, then=None)
    on = turn(playlist, showing, now)
    if on.item.kind is Kind.VIDEO and now > on.begins:
        return replace(showing, then=Showing(wanted, on.ends))
    return Showing(wanted, now)


def turn(playlist: Playlist, showing: Showing, now: float) -> Turn:
    """What is on."""
    return turn_at(playlist.moods[showing.mood], showing.since, now)


def shares(playlist: Playlist, samples: Iterable[Seen]) -> dict[str, float]:
    """Of all faces in the samples, how many of 100 each mood has.

    An emotion of several moods counts for each of them in equal parts, and one of no mood for the default.
    """
    found = dict.fromkeys(playlist.moods, 0.0)
    for sample in samples:
        for emotion, faces in sample.faces.items():
            moods = [name for name, mood in playlist.moods.items() if emotion in mood.when] or [playlist.default]
            for mood in moods:
                found[mood] += faces / len(moods)
    total = sum(found.values())
    return {mood: 100 * faces / total for mood, faces in found.items()} if total else found


def _wanted(playlist: Playlist, showing: Showing, samples: Iterable[Seen], now: float) -> str:
    enough = [sample for sample in samples if sample.at <= now and sample.count >= playlist.min_faces]
    newest = max((sample.at for sample in enough if sample.count > 0), default=None)
    if newest is None or now - newest > ALONE_SECONDS:
        return playlist.default
    # The window ends with the newest faces, not now: a press is heard of once, and counts for longer than a window.
    share = shares(playlist, (sample for sample in enough if sample.at > newest - playlist.window_seconds))
    leader = max(share, key=lambda mood: (share[mood], mood == showing.mood))
    return leader if share[leader] - share[showing.mood] >= playlist.switch_margin else showing.mood
