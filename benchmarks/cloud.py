"""`python -m benchmarks.cloud`: a stand-in for AWS whose cost does not grow, with the latencies that are asked for.

It knows the operations that the worker uses. SQS keeps visibility; DynamoDB judges the worker's two conditions and
removes no attribute; S3 forgets what it is given; Rekognition sees as many faces as it was told to; Polly is silent.
One JSON document a line tells what happened, times in epoch seconds. Who presses: `POST /-/press?camera=NAME`;
how many faces there are: `POST /-/faces?count=N`.
"""

import argparse
import asyncio
import hashlib
import json
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

SILENCE = b"\xd5"
MAX_MESSAGES = 10
HEAD_BYTES = 65_536
LATENCIES_MS = {"rekognition": 450, "s3": 150, "dynamodb": 15, "polly": 250, "sqs": 5}
"""Per request; `connect` is what a new connection costs besides, `idle` after how long an unused one is closed."""

JSON = "application/x-amz-json-1.0"
Item = dict[str, Any]


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def operation(self) -> str:
        """Named as in AWS's API."""
        if target := self.headers.get("x-amz-target"):
            return target.partition(".")[2]
        if self.target.startswith("/v1/speech"):
            return "SynthesizeSpeech"
        return {"PUT": "PutObject", "GET": "GetObject"}.get(self.method, self.method)

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}


@dataclass(frozen=True)
class Reply:
    body: bytes = b""
    content_type: str = JSON
    status: str = "200 OK"
    delay_ms: float = 0


@dataclass
class Cloud:
    """All that the stand-in knows."""

    latencies_ms: Mapping[str, float]
    sound_bytes: int
    endpoint: str = ""
    faces: int = 1
    messages: asyncio.Queue[Item] = field(default_factory=asyncio.Queue)
    in_flight: dict[str, asyncio.TimerHandle] = field(default_factory=dict)
    bodies: dict[str, Item] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)

    async def answer(self, request: Request, reader: StreamReader) -> Reply | None:
        """None when nobody waits for it any more."""
        if request.target.startswith("/-/"):
            return self._control(request)
        if request.operation == "ReceiveMessage":
            return await self._receive(json.loads(request.body), reader)
        operations: dict[str, Callable[[Request], Reply]] = {
            "SynthesizeSpeech": lambda _: self._reply("polly", SILENCE * self.sound_bytes, "audio/alaw"),
            "PutObject": lambda _: self._reply("s3", b"", "application/xml"),
            "UpdateItem": self._update,
            "GetItem": self._get,
            "DetectFaces": lambda _: self._reply("rekognition", {"FaceDetails": [_face(n) for n in range(self.faces)]}),
            "DetectLabels": lambda _: self._reply("rekognition", {"Labels": [{"Name": "Person", "Confidence": 99.0}]}),
            "DetectText": lambda _: self._reply("rekognition", {"TextDetections": []}),
            "GetQueueUrl": lambda _: self._reply("sqs", {"QueueUrl": f"{self.endpoint}/1/q"}),
            "GetQueueAttributes": lambda _: self._reply("sqs", {"Attributes": {"RedrivePolicy": _REDRIVE}}),
            "DeleteMessage": self._delete,
            "ChangeMessageVisibility": self._keep_away,
        }
        answer = operations.get(request.operation)
        return answer(request) if answer else Reply(_error("NotFound"), status="404 Not Found")

    def _reply(self, service: str, body: bytes | Item, content_type: str = JSON, status: str = "200 OK") -> Reply:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Reply(content, content_type, status, self.latencies_ms[service])

    def _control(self, request: Request) -> Reply:
        if "count" in request.query:
            self.faces = int(request.query["count"])
            return Reply()
        attributes = {name: {"DataType": "String", "StringValue": value} for name, value in request.query.items()}
        self.messages.put_nowait(_message("TakePicture", attributes))
        return Reply(json.dumps({"at": time.time()}).encode())

    async def _receive(self, asked: Item, reader: StreamReader) -> Reply | None:
        say("Polling")
        messages = []
        with suppress(TimeoutError):
            async with asyncio.timeout(asked["WaitTimeSeconds"]):
                messages.append(await self.messages.get())
        if reader.at_eof():
            for message in messages:
                self.messages.put_nowait(message)
            return None
        while messages and len(messages) < min(asked["MaxNumberOfMessages"], MAX_MESSAGES) and self.messages.qsize():
            messages.append(self.messages.get_nowait())
        for message in messages:
            self._hide(message, asked.get("VisibilityTimeout", 30))
        return Reply(json.dumps({"Messages": messages} if messages else {}).encode())

    def _hide(self, message: Item, seconds: float) -> None:
        handle = message["ReceiptHandle"]
        self.bodies[handle] = message
        self.in_flight[handle] = asyncio.get_running_loop().call_later(seconds, self._come_back, handle)

    def _come_back(self, handle: str) -> None:
        del self.in_flight[handle]
        message = self.bodies.pop(handle)
        count = str(int(message["Attributes"]["ApproximateReceiveCount"]) + 1)
        attributes = message["Attributes"] | {"ApproximateReceiveCount": count}
        self.messages.put_nowait(message | {"Attributes": attributes, "ReceiptHandle": str(uuid4())})

    def _delete(self, request: Request) -> Reply:
        handle = json.loads(request.body)["ReceiptHandle"]
        if handle in self.in_flight:
            self.in_flight.pop(handle).cancel()
            del self.bodies[handle]
        return self._reply("sqs", {})

    def _keep_away(self, request: Request) -> Reply:
        asked = json.loads(request.body)
        handle = asked["ReceiptHandle"]
        if handle in self.in_flight:
            self.in_flight.pop(handle).cancel()
            self._hide(self.bodies.pop(handle), asked["VisibilityTimeout"])
        return self._reply("sqs", {})

    def _update(self, request: Request) -> Reply:
        asked = json.loads(request.body)
        key = json.dumps(asked["Key"], sort_keys=True)
        item, values = self.items.get(key, {}), asked["ExpressionAttributeValues"]
        if not _holds(item, values, claiming="attribute_not_exists" in asked["ConditionExpression"]):
            refusal = {"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "Item": item}
            return self._reply("dynamodb", refusal, status="400 Bad Request")
        written = {name.removeprefix(":set_"): value for name, value in values.items() if name.startswith(":set_")}
        self.items[key] = item | asked["Key"] | written
        return self._reply("dynamodb", {"Attributes": item})

    def _get(self, request: Request) -> Reply:
        item = self.items.get(json.dumps(json.loads(request.body)["Key"], sort_keys=True))
        return self._reply("dynamodb", {"Item": item} if item else {})


_REDRIVE = json.dumps({"maxReceiveCount": 5, "deadLetterTargetArn": "arn:aws:sqs:us-east-1:1:dead"})


def _holds(item: Item, values: Item, *, claiming: bool) -> bool:
    """The worker's two conditions: the item may be claimed, or is mine."""
    mine = bool(item) and item["attempt"] == values.get(":attempt")
    if not claiming:
        return mine
    over = bool(item) and item["lease_until"]["S"] < values[":now"]["S"]
    return not item or (item["status"] == values[":in_progress"] and (over or mine))


def _message(body: str, attributes: Item) -> Item:
    return {
        "MessageId": str(uuid4()),
        "ReceiptHandle": str(uuid4()),
        "Body": body,
        "MD5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "Attributes": {"SentTimestamp": str(int(time.time() * 1000)), "ApproximateReceiveCount": "1"},
        "MessageAttributes": attributes,
    }


def _face(number: int) -> Item:
    box = {"Left": 0.1 + 0.01 * number, "Top": 0.2, "Width": 0.2, "Height": 0.3}
    rated = {"HAPPY": 98.7, "CALM": 1.0, "SURPRISED": 0.2, "CONFUSED": 0.1}
    emotions = [{"Type": name, "Confidence": confidence} for name, confidence in rated.items()]
    return {"BoundingBox": box, "Emotions": emotions, "Confidence": 99.9}


def _error(code: str) -> bytes:
    return json.dumps({"__type": code, "message": "not known to the stand-in"}).encode()


def say(event: str, **more: object) -> None:
    print(json.dumps({"event": event, "at": time.time(), **more}), flush=True)


async def serve_connection(cloud: Cloud, reader: StreamReader, writer: StreamWriter) -> None:
    say("Connected")
    try:
        await asyncio.sleep(cloud.latencies_ms["connect"] / 1000)
        while (request := await _read(reader, writer, cloud.latencies_ms["idle"] / 1000)) is not None:
            arrived = time.time()
            reply = await cloud.answer(request, reader)
            if reply is None:
                return
            await asyncio.sleep(reply.delay_ms / 1000)
            await _write(writer, reply)
            if not request.target.startswith("/-/"):
                say(request.operation, asked_at=arrived)
    except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
        return
    finally:
        writer.close()


async def _read(reader: StreamReader, writer: StreamWriter, idle_seconds: float) -> Request | None:
    async with asyncio.timeout(idle_seconds):
        head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    if headers.get("expect"):
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
    return Request(method, target, headers, await reader.readexactly(int(headers.get("content-length", 0))))


async def _write(writer: StreamWriter, reply: Reply) -> None:
    head = (
        f"HTTP/1.1 {reply.status}\r\nContent-Type: {reply.content_type}\r\nDate: {formatdate(usegmt=True)}\r\n"
        f'x-amzn-RequestId: {uuid4()}\r\nETag: "0"\r\nContent-Length: {len(reply.body)}\r\n\r\n'
    )
    writer.write(head.encode() + reply.body)
    await writer.drain()


async def serve(options: argparse.Namespace) -> None:
    latencies = {name: getattr(options, f"{name}_ms") for name in (*LATENCIES_MS, "connect", "idle")}
    cloud = Cloud(latencies, options.sound_bytes)

    def connected(reader: StreamReader, writer: StreamWriter) -> Awaitable[None]:
        return serve_connection(cloud, reader, writer)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=HEAD_BYTES)
    cloud.endpoint = "http://{}:{}".format(*server.sockets[0].getsockname())
    say("ready", endpoint=cloud.endpoint)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cloud")
    for name, milliseconds in {**LATENCIES_MS, "connect": 0, "idle": 3_600_000}.items():
        parser.add_argument(f"--{name}-ms", type=float, default=milliseconds)
    parser.add_argument("--sound-bytes", type=int, default=8000, help="of a sentence, 8000 a second")
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
