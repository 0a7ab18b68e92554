"""What can be wrong with boto3's own settings, as far as it can be seen without asking AWS."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ConfigParseError, ProfileNotFound

from worker.aws.clients import aws_session
from worker.settings.address import is_address
from worker.settings.mistakes import SettingsError

REGION_MISSING = "AWS_REGION: not set, and no profile names one; it is the region of the queue, such as eu-west-1"

_NO_REGION = "must be a region's name, such as eu-west-1"
_REGION = re.compile(r"(?![0-9]+$)(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
"""What botocore itself takes for the name of a region."""
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_CERTIFICATES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")


def open_session(environ: Mapping[str, str]) -> boto3.Session:
    """boto3's session, which has a region. Raises SettingsError with every mistake."""
    mistakes = [*_half_a_pair(environ), *_endpoints(environ), *_certificates(environ)]
    session: boto3.Session | None = None
    try:
        session = aws_session()
    except (BotoCoreError, ValueError) as error:
        mistakes.append(_unusable(error, environ))
    mistakes.extend(_region(environ, session))
    if mistakes or session is None:
        raise SettingsError(mistakes)
    return session


def _half_a_pair(environ: Mapping[str, str]) -> Iterator[str]:
    missing = [name for name in _KEYS if not environ.get(name)]
    if len(missing) == 1:
        [given] = set(_KEYS) - set(missing)
        yield f"{missing[0]}: not set, but {given} is; they go together, or leave both empty and set AWS_PROFILE"


def _endpoints(environ: Mapping[str, str]) -> Iterator[str]:
    for name, value in environ.items():
        if re.fullmatch(r"AWS_ENDPOINT_URL(_[A-Z0-9_]+)?", name) and value and not is_address(value):
            yield f"{name}: must be an address, such as http://localhost:4566"


def _certificates(environ: Mapping[str, str]) -> Iterator[str]:
    for name in _CERTIFICATES:
        if (path := environ.get(name)) and not Path(path).exists():
            yield f"{name}: there is no file {path}; it holds the certificates to trust, such as /etc/ssl/my-own.pem"


def _region(environ: Mapping[str, str], session: boto3.Session | None) -> Iterator[str]:
    names = [name for name in ("AWS_REGION", "AWS_DEFAULT_REGION") if environ.get(name)]
    region = environ[names[0]] if names else session.region_name if session else None
    if not region:
        yield REGION_MISSING
    elif not _REGION.fullmatch(region):
        yield f"{names[0]}: {_NO_REGION}" if names else f"AWS_PROFILE: its region {_NO_REGION}"


def _unusable(error: Exception, environ: Mapping[str, str]) -> str:
    name = environ.get("AWS_PROFILE") or environ.get("AWS_DEFAULT_PROFILE")
    if isinstance(error, ProfileNotFound):
        config = environ.get("AWS_CONFIG_FILE") or "~/.aws/config"
        shared = environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials"
        return f"AWS_PROFILE: there is no profile {name!r} in {config} or {shared}; add it there, or leave this empty"
    if isinstance(error, ConfigParseError):
        return f"AWS_CONFIG_FILE: {error.kwargs['path']} cannot be read; it has lines such as [profile lan]"
    return f"AWS_PROFILE: {error}"
