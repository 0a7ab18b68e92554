"""Putting a command on the queue, as a button would; with --wait, what becomes of it."""

import argparse
import os
import time
from datetime import timedelta
from uuid import uuid4

import boto3

from worker.aws.clients import connect_dynamodb, connect_sqs
from worker.aws.clock import AwsClock
from worker.aws.queue import Queue, find_queue_url
from worker.aws.records import Records
from worker.aws.table import Table
from worker.commands.arguments import whole_number
from worker.commands.exits import FAILURE, USAGE_ERROR, complain, refuse
from worker.commands.following import follow
from worker.domain.errors import CloudError, CloudRefused
from worker.domain.press import CAMERA_NAME_PATTERN, Press
from worker.domain.timestamp import iso
from worker.settings import (
    QueueSettings,
    SettingsError,
    TableSettings,
    camera_names,
    doubts,
    known_camera_names,
    load,
)
from worker.settings.aws import open_session
from worker.settings.mistakes import both

DEFAULT_TIMEOUT_SECONDS = 120
"""MAX_COMMAND_AGE_SECONDS, where that is not set: nothing is done for a press that is older."""

_ROUNDING = timedelta(milliseconds=1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--camera", metavar="NAME", help="which camera (default: the worker's first)")
    parser.add_argument(
        "--wait",
        action="store_true",
        help="show what becomes of it; exit code 0: completed, 3: failed, 4: expired, 5: nothing in time",
    )
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=whole_number(1, 3600),
        default=DEFAULT_TIMEOUT_SECONDS,
        help=f"how long --wait waits (default: {DEFAULT_TIMEOUT_SECONDS})",
    )


def send(body: str, options: argparse.Namespace) -> int:
    """Send the command to the camera of `options`, and follow it as far as they wish; the exit code."""
    try:
        session, settings = both(lambda: open_session(os.environ), lambda: load(QueueSettings, os.environ))
        if unknown := _unknown_camera(options.camera):
            return refuse(unknown, USAGE_ERROR)
        table = load(TableSettings, os.environ).table_name if options.wait else ""
        camera = options.camera or camera_names(os.environ)[0]
    except SettingsError as error:
        return complain(error.mistakes, doubts(os.environ))
    try:
        capture_id = put_on_queue(body, session, settings, options.camera)
    except CloudError as error:
        return refuse(f"not queued: {error}")
    print("queued", capture_id, flush=True)
    return _wait(session, table, camera, capture_id, options.timeout) if options.wait else 0


def put_on_queue(body: str, session: boto3.Session, settings: QueueSettings, camera: str | None) -> str:
    """The press's capture id. Raises CloudError."""
    clock, client = AwsClock(), connect_sqs(session)
    clock.learn_from(client)
    url = settings.queue_url or find_queue_url(client, settings.queue_name)
    queue = Queue(client, client, url, clock, visibility_seconds=0)
    queue.max_receive_count()
    press = Press(camera or "", str(uuid4()), clock.now() - _ROUNDING, source="cli")
    identity = {"source": "cli", "press_id": press.press_id, "pressed_at": iso(press.pressed_at)}
    queue.send(body, identity | ({"camera": camera} if camera else {}))
    return press.capture_id


def _unknown_camera(camera: str | None) -> str | None:
    """Why no worker would do it, as far as this host knows. Raises SettingsError."""
    if camera is None:
        return None
    if not CAMERA_NAME_PATTERN.fullmatch(camera):
        return "not queued: a camera's name is 1 to 64 letters, digits, _ or -, such as lobby"
    known = known_camera_names(os.environ)
    return (
        f"not queued: there is no camera {camera}; known are {', '.join(known)}"
        if known and camera not in known
        else None
    )


def _wait(session: boto3.Session, table: str, camera: str, capture_id: str, seconds: int) -> int:
    try:
        records = Records(Table(connect_dynamodb(session), table))
        return follow(lambda: records.get(camera, capture_id), seconds, time.monotonic, time.sleep)
    except CloudRefused as error:
        return refuse(f"what becomes of it cannot be seen: {error}", FAILURE)
