"""`link`: addresses that open one page on a screen where nobody logs in."""

import argparse
import socket
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from board.domain.viewers import ScreenKind
from board.exits import USAGE_ERROR, refuse
from board.links import DEFAULT_DAYS, MAX_DAYS, Link, Links, LinksUnusable
from board.services import utc_now
from board.settings.links import LinkSettings, load_link_settings

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_EVERY_ADDRESS = {"0.0.0.0", "::"}  # noqa: S104 - nothing is bound here


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `link` to the command line."""
    words = "addresses for screens where nobody logs in"
    parser = commands.add_parser("link", help=words, description=f"Make, list and revoke {words}.")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for kind in ScreenKind:
        words = f"make a link that opens a camera's {kind}, and nothing else"
        made = actions.add_parser(kind.value, help=words, description=words.capitalize() + ".")
        made.add_argument("camera", metavar="CAMERA", help="the camera's name, as in CAMERA_NAME or CAMERAS_FILE")
        made.add_argument(
            "--days", metavar="N", type=_days, default=DEFAULT_DAYS, help=f"1 to {MAX_DAYS} (default: {DEFAULT_DAYS})"
        )
    actions.add_parser("list", help="list the links", description="List the links; their secrets are kept nowhere.")
    revoked = actions.add_parser("revoke", help="end a link at once", description="End a link at once.")
    revoked.add_argument("id", metavar="ID", help="as `link list` has it")


def run(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """The exit code. Raises SettingsError."""
    settings = load_link_settings(environ)
    links = Links(settings.folder)
    try:
        if given.action == "list":
            return _list(links.all(), utc_now())
        if given.action == "revoke":
            return _revoke(links, given.id)
        return _make(links, settings, given)
    except LinksUnusable as error:
        return refuse(str(error))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        words = f"{settings.folder} cannot be written: {reason}. Set DATA_DIR to a folder that the board may write."
        return refuse(words)


def _make(links: Links, settings: LinkSettings, given: argparse.Namespace) -> int:
    if given.camera not in settings.cameras:
        known = ", ".join(settings.cameras)
        return refuse(f"There is no camera of that name. CAMERA_NAME or CAMERAS_FILE has: {known}.", USAGE_ERROR)
    link, secret = links.add(ScreenKind(given.action), given.camera, timedelta(days=given.days), utc_now())
    page = f"http://{_host(settings)}:{settings.port}{link.screen.page}"
    query = urlencode({"key": secret})
    print(f"{page}?{query}")
    if link.kind is ScreenKind.BILLBOARD:
        print(f"{page}/current?{query}", f"{page}/current.json?{query}", sep="\n")
    print(_about(link, settings), file=sys.stderr)
    return 0


def _about(link: Link, settings: LinkSettings) -> str:
    players = "The second and third are for players that keep no cookies.\n"
    return (
        f"\n{players if link.kind is ScreenKind.BILLBOARD else ''}"
        f"It opens the {link.kind} of {link.camera} and nothing else, until {_told(link.expires_at)}. "
        f"It is shown this once.\n"
        f"Where the board has another name on the screen's network, or a proxy before it, put that in place of "
        f"{_host(settings)}:{settings.port}.\n"
        f"To end it before: python -m board link revoke {link.id}"
    )


def _host(settings: LinkSettings) -> str:
    if settings.host in _EVERY_ADDRESS:
        return socket.gethostname()
    return f"[{settings.host}]" if ":" in settings.host else settings.host


def _list(links: Iterable[Link], now: datetime) -> int:
    lines = [_line(link, now) for link in links]
    print(*lines or ["There are no links. One is made with: python -m board link monitor CAMERA"], sep="\n")
    return 0


def _line(link: Link, now: datetime) -> str:
    over = "until" if link.holds(now) else "expired"
    return f"{link.id}  {link.kind:<9}  {link.camera}  {over} {_told(link.expires_at)}"


def _revoke(links: Links, link_id: str) -> int:
    if not links.revoke(link_id):
        return refuse("There is no link of that id; see python -m board link list.", USAGE_ERROR)
    print(f"{link_id} opens nothing any more.")
    return 0


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MAX_DAYS):  # noqa: PLR2004
        raise argparse.ArgumentTypeError(
            f"must be a whole number from 1 to {MAX_DAYS}: no browser keeps a cookie for longer"
        )
    return int(text)


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
