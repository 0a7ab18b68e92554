"""The local cloud as one HTTP server."""

from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING, Self

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug import Response
from werkzeug.serving import make_server
from werkzeug.test import EnvironBuilder

from localcloud.gateway import Gateway
from localcloud.polly import Polly, Speaker
from localcloud.queues import Queues
from localcloud.rekognition import FaceDetector, Rekognition, S3Object
from localcloud.resources import STACK, Resources, deploy
from localcloud.wire import ServiceError

if TYPE_CHECKING:
    from types import TracebackType

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef

# How late the server may notice that it is to stop.
POLL_SECONDS = 0.05


class LocalCloud:
    """Serves on `endpoint` from entry to exit of its `with`, where it begins empty but for the stack's `resources`.

    moto keeps its state in globals: have one local cloud in a process at a time.
    """

    resources: Resources

    def __init__(
        self,
        faces: FaceDetector,
        voice: Speaker,
        *,
        stack: str = STACK,
        region: str = "us-east-1",
        address: tuple[str, int] = ("127.0.0.1", 0),
    ) -> None:
        self._stack = stack
        # Nobody is asked who they are here; signing needs a name all the same.
        self._session = boto3.Session("local", "local", region_name=region)
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._queues = Queues(self._moto)
        self._server = make_server(*address, self._moto, threaded=True, request_handler=_RequestHandler)
        self.endpoint = f"http://{_reachable(address[0])}:{self._server.port}"
        rekognition = Rekognition(faces, object_reader(self._session.client("s3", endpoint_url=self.endpoint)))
        self._server.app = Gateway(self._moto, self._queues, rekognition, Polly(voice))
        self._thread = Thread(target=self._server.serve_forever, args=(POLL_SECONDS,), name="localcloud")

    def __enter__(self) -> Self:
        self._forget()
        self._thread.start()
        try:
            self.resources = deploy(self._session, self.endpoint, self._stack)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        self._stop()
        self._forget()

    def _stop(self) -> None:
        self._queues.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _forget(self) -> None:
        reset = EnvironBuilder(path="/moto-api/reset", method="POST").get_environ()
        Response.from_app(self._moto, reset, buffered=True)


class _RequestHandler(MotoRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: only errors are worth a line."""


def object_reader(s3: "S3Client") -> Callable[[S3Object, int], bytes]:
    def read(reference: S3Object, limit: int) -> bytes:
        wanted: GetObjectRequestTypeDef = {"Bucket": reference.bucket, "Key": reference.name}
        if reference.version:
            wanted["VersionId"] = reference.version
        try:
            found = s3.get_object(**wanted)
        except (ClientError, BotoCoreError) as error:
            raise ServiceError(
                "InvalidS3ObjectException",
                "Unable to get object metadata from S3. Check object key, region and/or access permissions.",
            ) from error
        with found["Body"] as body:
            if found["ContentLength"] > limit:
                raise ServiceError("ImageTooLargeException", f"The object has more than {limit} bytes")
            return body.read()

    return read


def _reachable(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
