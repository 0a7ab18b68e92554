"""What a finding means, and what to do about it. Pure: no finding is asked for here."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from worker.aws.clients import RECEIVE_READ_SECONDS
from worker.camera.amcrest import LoginLimit
from worker.commands.check.line import Line, failed, ok, warning
from worker.domain.errors import CloudError, CloudRefused
from worker.domain.retry import RETRY_DELAYS_SECONDS

MAX_CLOCK_OFFSET = timedelta(minutes=5)
"""AWS refuses the signature of a request whose time differs by more."""

DOLLARS_PER_CHARACTER = {"standard": 4e-6, "neural": 16e-6, "generative": 30e-6, "long-form": 100e-6}
"""Polly's list prices by engine, in US East."""

ADVISED_RECEIVES = len(RETRY_DELAYS_SECONDS) + 1
"""maxReceiveCount that leaves room for every retry."""

_NO_SUCH_KEY = "the access key does not exist (any more): correct AWS_PROFILE or AWS_ACCESS_KEY_ID"
_REMEDIES = {
    "InvalidAccessKeyId": _NO_SUCH_KEY,
    "InvalidClientTokenId": _NO_SUCH_KEY,
    "UnrecognizedClientException": _NO_SUCH_KEY,
    "NoSuchBucket": "create the bucket, or correct BUCKET_NAME",
    "ResourceNotFoundException": "create the table, or correct TABLE_NAME and AWS_REGION",
    "AWS.SimpleQueueService.NonExistentQueue": "create the queue, or correct QUEUE_NAME, QUEUE_URL and AWS_REGION",
    "QueueDoesNotExist": "create the queue, or correct QUEUE_NAME, QUEUE_URL and AWS_REGION",
}


def cloud_trouble(name: str, error: CloudError, refused: str = "") -> Line:
    """A failed call to AWS, whose text may carry its remedy; `refused` is what helps if AWS answered and refused."""
    if not isinstance(error, CloudRefused):
        return failed(name, str(error), "check this host's way to AWS, AWS_REGION and AWS_ENDPOINT_URL, and try again")
    return failed(name, str(error), _REMEDIES.get(error.code, "") or refused)


def clock(offset: timedelta | None) -> Line:
    """`offset` is how far AWS is ahead of this host; None when it has not answered."""
    if offset is None:
        return warning("clock", "not compared: AWS has not answered")
    if not offset:
        return ok("clock", "agrees with AWS's to within two seconds")
    found = f"this host is {abs(offset.total_seconds()):.0f} s {'behind' if offset > timedelta(0) else 'ahead of'} AWS"
    remedy = "set this host's clock (NTP)"
    if abs(offset) < MAX_CLOCK_OFFSET:
        return warning("clock", f"{found}, which the worker corrects; AWS refuses it from 300 s on", remedy)
    return failed("clock", f"{found}, and AWS refuses requests from 300 s on", remedy)


def dead_letter_queue(redrive_policy: str | None) -> Line:
    """`redrive_policy` is the queue's attribute, JSON."""
    name = "dead-letter queue"
    if not redrive_policy:
        advice = f"create one and name it in the queue's redrive policy, maxReceiveCount {ADVISED_RECEIVES}"
        return failed(name, "the queue has none: what cannot be handled comes back until it is forgotten", advice)
    policy = json.loads(redrive_policy)
    target, count = str(policy["deadLetterTargetArn"]).rpartition(":")[2], int(policy["maxReceiveCount"])
    found = f"{target}, after {count} receives"
    if count < ADVISED_RECEIVES:
        return warning(name, found, f"maxReceiveCount {ADVISED_RECEIVES} leaves room for every retry")
    return ok(name, found)


def visibility(of_queue: int, of_worker: int) -> Line:
    """Seconds; `of_worker` is VISIBILITY_SECONDS, which every receive asks for."""
    name = "visibility"
    if of_worker <= RECEIVE_READ_SECONDS:
        found = f"{of_worker} s is no longer than a lost answer is waited for, so a message may be received twice"
        return warning(name, found, f"VISIBILITY_SECONDS above {RECEIVE_READ_SECONDS}")
    if of_queue != of_worker:
        found = f"the queue's own {of_queue} s do not count, the worker asks for {of_worker} s"
        return warning(
            name, found, f"set the queue to {of_worker} s or VISIBILITY_SECONDS={of_queue}, so that they agree"
        )
    return ok(name, f"{of_worker} s")


def publicity(policy_status: Mapping[str, Any] | None, block: Mapping[str, Any] | None) -> Line:
    """Whether strangers can read the photos, from S3's PolicyStatus and PublicAccessBlockConfiguration.

    Empty is "there is none"; None is "could not tell".
    """
    name, remedy = "bucket is private", "switch on Block Public Access for the bucket"
    if block and block.get("RestrictPublicBuckets") and block.get("IgnorePublicAcls"):
        return ok(name, "public access is blocked")
    if policy_status and policy_status.get("IsPublic"):
        return failed(name, "its policy makes the photos public", remedy)
    if block is None or policy_status is None:
        allow = "s3:GetBucketPolicyStatus and s3:GetBucketPublicAccessBlock"
        return warning(name, "could not tell", f"allow {allow} for this check, or look in the console")
    return warning(name, "no policy makes it public, but nothing forbids it either", remedy)


def expiry(description: Mapping[str, Any], attribute: str = "expires_at") -> Line:
    """`description` is the table's TimeToLiveDescription."""
    status, on = description.get("TimeToLiveStatus"), description.get("AttributeName")
    if status in {"ENABLED", "ENABLING"} and on == attribute:
        return ok("table expiry", f"TTL on {attribute}")
    found = f"TTL is on {on}" if on and status != "DISABLED" else "no TTL"
    return warning("table expiry", f"{found}: records stay for ever", f"switch TTL on for the attribute {attribute}")


def sentences(expected: int, missing: Sequence[str], engine: str) -> Line:
    """How many of the sentences that are `expected` the voice has not yet."""
    name = "sentences"
    if not missing:
        return ok(name, f"all {expected} that are expected are ready")
    characters = sum(map(len, missing))
    dollars = characters * DOLLARS_PER_CHARACTER[engine]
    rest = f"the daemon fetches the rest: {characters:,} characters, about ${dollars:.2f}, once"
    return ok(name, f"{expected - len(missing)} of {expected} that are expected are ready; {rest}")


def speaker(name: str, speakers: int | None, volume: int | None) -> Line:
    """Without having heard it; `speakers` and `volume` are None where the camera does not say."""
    if volume == 0:
        return failed(name, "its volume is 0", "raise it in the camera's audio settings; some set it to 0 at a reboot")
    loud = "volume unknown" if volume is None else f"volume {volume}"
    if speakers == 0:
        remedy = "CAMERA_SPEAKER=false if it has none; `check --speak` tries it, for some cameras deny theirs"
        return warning(name, f"the camera says it has none ({loud})", remedy)
    return ok(name, f"{loud}; `check --speak` tries it")


def login_limit(found: LoginLimit | None) -> str:
    """What the camera says of wrong logins, in words."""
    if found is None:
        return "it does not say when it locks"
    rest = f" for {found.seconds // 60} min" if found.seconds else ""
    return f"it locks an address out{rest} after {found.attempts} wrong logins"


def logins_left(left: int | None) -> str:
    """After a refusal."""
    if left is None:
        return "most cameras lock an address out after five"
    return f"at most {left} more before it locks this address out" if left else "it has locked this address out by now"
