from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier, BrokenBarrierError
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from werkzeug import Request, Response
from werkzeug.test import EnvironBuilder

from demo.program import PATIENCE_SECONDS
from localcloud.gateway import Gateway
from localcloud.polly import Polly
from localcloud.queues import Queues
from localcloud.rekognition import Rekognition, S3Object
from tests.localcloud.conftest import FixedFaces

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@dataclass
class MeetingPlace:
    """A WSGI application that tells each request whether another one was inside with it, for which it waits so long."""

    barrier: Barrier

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            self.barrier.wait()
            met = "met"
        except BrokenBarrierError:
            met = "alone"
        return Response(f"{Request(environ).path} {met}")(environ, start_response)


class Mute:
    languages = ("en",)

    def say(self, _text: str, _rate: int, _language: str) -> NDArray[np.int16]:
        return np.zeros(0, np.int16)


def no_object(_reference: S3Object, _limit: int) -> bytes:
    raise AssertionError("nobody asks for a photo here")


def gateway(patience_seconds: float = PATIENCE_SECONDS) -> Gateway:
    moto = MeetingPlace(Barrier(2, timeout=patience_seconds))
    return Gateway(moto, Queues(moto), Rekognition(FixedFaces(), no_object), Polly(Mute()))


def two_at_once(gateway: Gateway, **request: Any) -> list[str]:
    environs = [EnvironBuilder(**request).get_environ() for _ in range(2)]
    with ThreadPoolExecutor() as threads:
        responses = threads.map(lambda environ: Response.from_app(gateway, environ, buffered=True), environs)
        return [response.get_data(as_text=True) for response in responses]


def test_dynamodb_does_one_request_at_a_time() -> None:
    target = {"X-Amz-Target": "DynamoDB_20120810.PutItem"}
    # However little time they have, they must not meet.
    assert two_at_once(gateway(0.2), method="POST", headers=target) == ["/ alone", "/ alone"]


def test_s3_does_several_requests_at_a_time() -> None:
    assert two_at_once(gateway(), method="PUT", path="/captures/a.jpg") == ["/captures/a.jpg met"] * 2


def test_speech_is_polly_only_when_it_is_posted() -> None:
    assert two_at_once(gateway(), method="GET", path="/v1/speech") == ["/v1/speech met"] * 2
    refused, _ = two_at_once(gateway(), method="POST", path="/v1/speech")
    assert "ValidationException" in refused
