"""`snapshot.cgi`: the next photograph, as good as the faults let it be."""

from collections.abc import Callable

from demo.camera.events import SnapshotTaken
from demo.camera.exchange import FAILED, PAGE, Answer, Exchange
from demo.camera.faults import OverlapFault, SnapshotFault
from demo.camera.login import Verdict

_JPEG = "image/jpeg"
_HUGE = 64 * 1024 * 1024
_DRIPS = 10

_OVERLAPPING = {OverlapFault.FAILS: SnapshotFault.ERROR_500, OverlapFault.STALLS: SnapshotFault.HANGS}
_SPOILT: dict[SnapshotFault, Callable[[bytes], Answer]] = {
    SnapshotFault.ERROR_500: lambda _: FAILED,
    SnapshotFault.HTML: lambda _: PAGE,
    SnapshotFault.ERROR_TEXT: lambda _: Answer(b"Error\r\nBad Request!\r\n"),
    SnapshotFault.EMPTY: lambda _: Answer(b"", _JPEG),
    SnapshotFault.SHORT_BODY: lambda jpeg: Answer(jpeg[: len(jpeg) // 2], _JPEG, announced=len(jpeg)),
    SnapshotFault.TRUNCATED: lambda jpeg: Answer(jpeg[: len(jpeg) // 2], _JPEG),
    SnapshotFault.TRAILING_BYTES: lambda jpeg: Answer(jpeg + b"dhav\x00\x00\x00\x00", _JPEG),
    SnapshotFault.HUGE: lambda jpeg: Answer(jpeg.ljust(_HUGE, b"\x00"), _JPEG),
}


def snapshot(exchange: Exchange) -> None:
    state = exchange.state
    asked_at = state.clock()
    # The lens is free again before the answer leaves, or a client that asks anew at once would seem to overlap.
    with state.lens.entered() as at_once:
        overlap = state.faults.snapshot_overlap if at_once > 1 else None
        fault = _OVERLAPPING[overlap] if overlap else state.faults.for_this_snapshot()
        if fault not in {SnapshotFault.RESETS, SnapshotFault.HANGS}:
            state.sleep(state.snapshot_seconds)
    _give(exchange, fault, asked_at)


def _give(exchange: Exchange, fault: SnapshotFault | None, asked_at: float) -> None:
    if fault is SnapshotFault.RESETS:
        exchange.reset()
    elif fault is SnapshotFault.HANGS:
        exchange.hang()
    elif fault is SnapshotFault.ERROR_401:
        exchange.challenge(Verdict.NOT_ALLOWED)
    else:
        _give_photo(exchange, fault, asked_at)


def _give_photo(exchange: Exchange, fault: SnapshotFault | None, asked_at: float) -> None:
    state = exchange.state
    photo = state.photos.next()
    jpeg = photo.jpeg
    state.journal.write(SnapshotTaken(state.clock(), asked_at, photo.name, fault))
    if fault is SnapshotFault.DRIPS:
        _drip(exchange, jpeg)
    else:
        exchange.answer(_SPOILT[fault](jpeg) if fault else Answer(jpeg, _JPEG))


def _drip(exchange: Exchange, jpeg: bytes) -> None:
    exchange.open_answer(Answer(jpeg, _JPEG))
    size = -(-len(jpeg) // _DRIPS)
    for start in range(0, len(jpeg), size):
        exchange.state.sleep(exchange.state.faults.drip_seconds / _DRIPS)
        exchange.wfile.write(jpeg[start : start + size])
