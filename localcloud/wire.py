"""The parts of AWS's JSON protocols that Rekognition and Polly share: reading a request, answering an error."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_pascal
from werkzeug import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

JSON_1_1 = "application/x-amz-json-1.1"


class ServiceError(Exception):
    """What an AWS service refuses a request with: boto3 raises it as a `ClientError` with this code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def response(self) -> Response:
        body = {"__type": self.code, "Code": self.code, "message": str(self)}
        headers = {"x-amzn-ErrorType": self.code}
        return Response(json.dumps(body), status=400, headers=headers, content_type=JSON_1_1)


class NotAvailableLocallyError(ServiceError):
    """AWS can do it, this machine cannot. A 400, which SDKs do not retry."""

    def __init__(self, what: str) -> None:
        super().__init__("NotAvailableLocallyException", f"{what} is not available locally, only in AWS itself.")


class Shape(BaseModel):
    """A structure of the AWS API: members are named in PascalCase on the wire, unknown ones are ignored."""

    model_config = ConfigDict(alias_generator=to_pascal, frozen=True)

    @classmethod
    def read(cls, request: Request) -> Self:
        """Raises a `ServiceError` (ValidationException) which names every member that breaks a rule."""
        try:
            return cls.model_validate_json(request.get_data() or b"{}")
        except ValidationError as error:
            raise ServiceError("ValidationException", _complaint(error)) from error


def _complaint(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    details = "; ".join(
        f"Value at '{'.'.join(_member(part) for part in each['loc'])}' failed to satisfy constraint: {each['msg']}"
        for each in found
    )
    return f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected: {details}"


def _member(part: str | int) -> str:
    return f"{part[:1].lower()}{part[1:]}" if isinstance(part, str) else str(part + 1)


def application(handle: Callable[[Request], Response]) -> "WSGIApplication":
    """A WSGI application of `handle`, whose `ServiceError`s become AWS's error responses."""

    @Request.application
    def respond(request: Request) -> Response:
        try:
            response = handle(request)
        except ServiceError as error:
            response = error.response()
        response.headers["x-amzn-RequestId"] = str(uuid4())
        return response

    return respond
