"""What can become of one call to AWS, and how AWS puts its refusals on the wire."""

import json
from dataclasses import dataclass
from enum import Enum, auto
from xml.sax.saxutils import escape

SERVICES = {
    "sqs": {"GetQueueUrl", "GetQueueAttributes", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility"},
    "s3": {"PutObject", "GetObject", "DeleteObject"},
    "dynamodb": {"UpdateItem", "GetItem", "DeleteItem", "Query"},
    "rekognition": {"DetectFaces", "DetectLabels", "DetectText"},
    "polly": {"SynthesizeSpeech"},
}


class Loss(Enum):
    """What the network does to a call."""

    OF_REQUEST = auto()
    """The connection ends before the cloud has heard of it."""
    OF_ANSWER = auto()
    """The cloud has done it, and the connection ends before it says so."""
    OF_HALF_THE_ANSWER = auto()
    OF_PATIENCE = auto()
    """Nothing happens until the worker hangs up."""


@dataclass(frozen=True)
class Refusal:
    """An error that the service answers with; without a code, S3 says its name in XML and the others in JSON."""

    status: int
    code: str
    message: str = "so says the test"

    def answer(self, operation: str) -> tuple[dict[str, str], bytes]:
        """Headers and body."""
        if operation in SERVICES["s3"]:
            text = f"<Error><Code>{self.code}</Code><Message>{escape(self.message)}</Message></Error>"
            return {"Content-Type": "application/xml"}, text.encode()
        body = {"__type": self.code, "Code": self.code, "message": self.message}
        return {"Content-Type": "application/x-amz-json-1.0", "x-amzn-ErrorType": self.code}, json.dumps(body).encode()


@dataclass(frozen=True)
class Delay:
    """The call is passed on later."""

    seconds: float


Fault = Loss | Refusal | Delay

FAILING = Refusal(500, "InternalServerError")
BROKEN_GATEWAY = Refusal(503, "ServiceUnavailable")
EXPIRED = Refusal(403, "ExpiredTokenException", "The security token included in the request is expired")
_THROTTLED = {"s3": Refusal(503, "SlowDown"), "dynamodb": Refusal(400, "ProvisionedThroughputExceededException")}
_DENIED = {"s3": Refusal(403, "AccessDenied", "Access Denied")}


def throttled(service: str) -> Refusal:
    return _THROTTLED.get(service, Refusal(400, "ThrottlingException", "Rate exceeded"))


def denied(service: str) -> Refusal:
    return _DENIED.get(service, Refusal(400, "AccessDeniedException", "not authorized to perform this action"))


def skewed(service: str, signed_at: str) -> Refusal:
    """What a signature by a wrong clock is answered with."""
    if service == "s3":
        message = "The difference between the request time and the current time is too large."
        return Refusal(403, "RequestTimeTooSkewed", message)
    return Refusal(403, "InvalidSignatureException", f"Signature expired: {signed_at} is now earlier than it may be")


def service_of(operation: str) -> str:
    return next((service for service, operations in SERVICES.items() if operation in operations), "")
