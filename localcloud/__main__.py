"""`python -m localcloud`: serves until SIGTERM or SIGINT, after one line of JSON that says where."""

import argparse
import json
import os
import signal
import sys
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

import boto3

from localcloud.resources import STACK, Resources, create_bucket
from localcloud.server import LocalCloud
from localcloud.vision import FaceAnalyser
from localcloud.voice import Voice

if TYPE_CHECKING:
    from types import FrameType


def main() -> None:
    options = _options()
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, _exit)
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    address = (options.host, options.port)
    with LocalCloud(FaceAnalyser(), Voice(), stack=options.stack, region=region, address=address) as cloud:
        made = cloud.resources
        if options.bucket:
            create_bucket(boto3.Session("local", "local", region_name=region), cloud.endpoint, options.bucket)
            made = replace(made, bucket=options.bucket)
        print(json.dumps({"endpoint": cloud.endpoint, "region": region, **_names(made)}), flush=True)
        Event().wait()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m localcloud", description=sys.modules["localcloud"].__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 in a container; anyone who reaches it may use it")
    parser.add_argument("--port", type=int, default=0, help="0: one that is free")
    parser.add_argument("--stack", default=STACK, metavar="NAME", help="what infra/template.yaml makes is named after")
    parser.add_argument("--bucket", metavar="NAME", help="make one more, for a worker that cannot be told the stack's")
    return parser.parse_args()


def _names(made: Resources) -> dict[str, str]:
    return {"queue": made.queue, "bucket": made.bucket, "table": made.table}


def _exit(_signal: int, _frame: "FrameType | None") -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
