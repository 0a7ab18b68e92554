"""The connection to a stream, and how long it is waited for."""

import socket

from worker.stream.address import Address
from worker.stream.wire import Wire


def test_a_message_that_comes_byte_by_byte_is_waited_for_no_longer_than_one_that_does_not_come() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        peers: list[socket.socket] = []
        seconds = 0.0

        def monotonic() -> float:
            """A tenth of a second later there is always one more byte."""
            nonlocal seconds
            seconds += 0.1
            for peer in peers:
                peer.sendall(b"x")
            return seconds

        wire = Wire(Address(f"rtsp://127.0.0.1:{port}/", "127.0.0.1", port), lambda: False, monotonic)
        peer, _ = listener.accept()
        with peer:
            peer.sendall(b"$\0\xff\xff")
            peers.append(peer)
            assert wire.read(until=seconds + 5) is None
        wire.close()
