"""`audio.cgi`: the camera's loudspeaker, which keeps what it hears (Amcrest HTTP API, "Post audio stream")."""

from demo.camera.events import Chunk, Sound, SoundStarted
from demo.camera.exchange import BAD_REQUEST, OK, PAGE, Answer, Exchange
from demo.camera.faults import SpeakerFault
from demo.camera.g711 import Encoding
from demo.camera.login import Verdict

_ENCODINGS = {encoding.lower(): encoding for encoding in Encoding}
_ANSWERS: dict[SpeakerFault | None, Answer] = {
    SpeakerFault.EMPTY_ANSWER: Answer(b""),
    SpeakerFault.ERROR_TEXT: Answer(BAD_REQUEST.body),
    SpeakerFault.PAGE: PAGE,
}
_LENGTH_REQUIRED = Answer(b"Error\r\nLength Required!\r\n", status=411)


def speaker(exchange: Exchange) -> None:
    encoding = _ENCODINGS.get(exchange.headers.get("Content-Type", "").lower())
    if exchange.content_length is None:
        exchange.close_connection = True
        exchange.answer(_LENGTH_REQUIRED)
    elif encoding is None or not _is_playable(exchange):
        exchange.discard_body()
        exchange.answer(BAD_REQUEST)
    else:
        _play(exchange, encoding, exchange.content_length)


def _is_playable(exchange: Exchange) -> bool:
    asked = exchange.query
    singlepart = asked.get("action") == "postAudio" and asked.get("httptype") == "singlepart"
    return singlepart and exchange.state.faults.speaker is not SpeakerFault.ABSENT


def _play(exchange: Exchange, encoding: Encoding, announced: int) -> None:
    fault = exchange.state.faults.speaker
    listens_to = announced // 2 if fault is SpeakerFault.RESETS_MIDWAY else announced
    # The speaker is free again before the answer leaves, or a client that plays on at once would seem to overlap.
    with exchange.state.speaker.entered():
        sound = _hear(exchange, encoding, listens_to)
    exchange.state.journal.write(sound)
    if fault is SpeakerFault.RESETS_MIDWAY:
        exchange.reset()
    elif fault is SpeakerFault.NEVER_ANSWERS:
        exchange.hang()
    elif fault is SpeakerFault.ERROR_401:
        exchange.challenge(Verdict.NOT_ALLOWED)
    elif sound.complete:
        exchange.answer(_ANSWERS.get(fault, OK))


def _hear(exchange: Exchange, encoding: Encoding, length: int) -> Sound:
    """Listen until `length` bytes have come or the client has gone."""
    state = exchange.state
    asked_at = state.clock()
    chunks: list[Chunk] = []
    for piece in exchange.body(length):
        chunks.append(Chunk(state.clock(), piece))
        if len(chunks) == 1:
            state.journal.write(SoundStarted(chunks[0].at, encoding))
    return Sound(asked_at, state.clock(), encoding, exchange.content_length or 0, tuple(chunks))
