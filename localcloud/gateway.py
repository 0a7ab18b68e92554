"""One endpoint for all services: what moto cannot do, or not well enough, is answered in front of it."""

from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING

from localcloud.queries import Queries
from localcloud.wire import application

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from localcloud.polly import Polly
    from localcloud.queues import Queues
    from localcloud.rekognition import Rekognition


class Gateway:
    """Tells services apart as AWS's own wire does: by the target header, and Polly by its path."""

    def __init__(self, moto: "WSGIApplication", queues: "Queues", rekognition: "Rekognition", polly: "Polly") -> None:
        self._moto = moto
        self._polly = application(polly.handle)
        self._by_target = {
            "RekognitionService": application(rekognition.handle),
            "AmazonSQS": application(queues.handle),
            "DynamoDB_20120810": _one_at_a_time(Queries(moto)),
        }

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return self._service(environ)(environ, start_response)

    def _service(self, environ: "WSGIEnvironment") -> "WSGIApplication":
        if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == ("POST", "/v1/speech"):
            return self._polly
        target = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")[0]
        return self._by_target.get(target, self._moto)


def _one_at_a_time(tables: "WSGIApplication") -> "WSGIApplication":
    """Between moto's check of a condition and its write another thread may write."""
    lock = Lock()

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with lock:
            return tables(environ, start_response)

    return application
