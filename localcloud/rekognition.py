"""Amazon Rekognition's DetectFaces, answered by models on this machine (JSON 1.1 over HTTP)."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Annotated, Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field
from werkzeug import Request, Response

from localcloud import photograph
from localcloud.vision import Attribute
from localcloud.wire import JSON_1_1, NotAvailableLocallyError, ServiceError, Shape

# Limits of "Guidelines and quotas in Amazon Rekognition". Too many bytes in the request are a ValidationException,
# too many in S3 an ImageTooLargeException: the former never get past the check of the request's own members.
MAX_BYTES = 5 * 1024 * 1024
MAX_S3_BYTES = 15 * 1024 * 1024


class FaceDetector(Protocol):
    def detect_faces(
        self, image: NDArray[np.uint8], attributes: AbstractSet[Attribute]
    ) -> Sequence[Mapping[str, object]]:
        """The faces in an RGB image, largest first, each shaped like Rekognition's FaceDetail.

        The default attributes always come, of the others those that are asked for and known.
        """


class S3Object(Shape):
    bucket: str
    name: str
    version: str | None = None


class Image(Shape):
    bytes_: Annotated[
        bytes | None, BeforeValidator(b64decode), Field(alias="Bytes", min_length=1, max_length=MAX_BYTES)
    ] = None
    s3_object: S3Object | None = None


class DetectFaces(Shape):
    image: Image
    attributes: frozenset[Attribute] = frozenset({"DEFAULT"})


class Rekognition:
    """`read_object` fetches from S3, refusing (as a `ServiceError`) what is absent or larger than `limit` bytes."""

    def __init__(self, faces: FaceDetector, read_object: Callable[[S3Object, int], bytes]) -> None:
        self._faces = faces
        self._read_object = read_object

    def handle(self, request: Request) -> Response:
        operation = request.headers["X-Amz-Target"].partition(".")[2]
        if operation != "DetectFaces":
            raise NotAvailableLocallyError(f"Rekognition {operation}")
        return Response(json.dumps(self._detect_faces(DetectFaces.read(request))), content_type=JSON_1_1)

    def _detect_faces(self, wanted: DetectFaces) -> dict[str, Any]:
        image = photograph.decode(self._bytes_of(wanted.image))
        return {"FaceDetails": self._faces.detect_faces(image, wanted.attributes)}

    def _bytes_of(self, image: Image) -> bytes:
        match image:
            case Image(bytes_=bytes() as data, s3_object=None):
                return data
            case Image(bytes_=None, s3_object=S3Object() as reference):
                return self._read_object(reference, MAX_S3_BYTES)
        raise ServiceError("InvalidParameterException", "Image must have exactly one of Bytes and S3Object")
