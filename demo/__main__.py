"""`python -m demo`: the whole job on one machine, from the button to the voice."""

import argparse
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from demo.inbox import DemoFailed, Inbox, Interrupted
from demo.language import phrases_in
from demo.output import Output
from demo.processes import Processes
from demo.rig import HALL_CAMERA, PHOTOS, ROOT, Rig
from demo.terminal import Style, Terminal
from worker.domain.phrases import Phrases

_KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TERM", "NO_COLOR")
_SET = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


def main() -> int:
    options = _options()
    inbox = Inbox()
    inbox.interrupt_on_signals()
    _forget_own_settings()
    terminal = Terminal()
    try:
        return _demonstrate(options, inbox, terminal)
    except Interrupted as interrupted:
        terminal.say(f"\nStopped ({interrupted}); nothing is left running.")
        return interrupted.exit_code
    except DemoFailed as failure:
        return _fail(terminal, options.output, str(failure))
    except BrokenPipeError:
        # Nobody reads any more; without this the interpreter would complain of it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _demonstrate(options: argparse.Namespace, inbox: Inbox, terminal: Terminal) -> int:
    with (
        Output(options.output) as output,
        TemporaryDirectory(prefix="demo-") as scratch,
        Processes(inbox, output.new, {**os.environ, "PYTHONPATH": str(ROOT)}, Path(scratch)) as processes,
    ):
        terminal.say("Starting a local cloud, two simulated cameras, the worker and its screens ...")
        rig = Rig(processes, inbox, terminal, Path(scratch))
        rig.start_surroundings()
        return _present(rig, output, options.language, keep=options.keep)


def _present(rig: Rig, output: Output, phrases: Phrases, *, keep: bool) -> int:
    # These take a while to import, in which the cloud and the camera start.
    from demo.audience import Audience  # noqa: PLC0415
    from demo.cloud import aws_settings, reach  # noqa: PLC0415
    from demo.heard import Heard  # noqa: PLC0415
    from demo.show import Show  # noqa: PLC0415

    around = rig.surroundings()
    aws = aws_settings(around.cloud)
    rig.start_worker(around, aws, phrases.language)
    board = rig.start_board(around, aws)
    rig.terminal.say(f"\nSee it in a browser: {board}  (the audience at its end: {board}monitor/{HALL_CAMERA})\n")
    with output.new("function.log").open("w", encoding="utf-8", buffering=1) as log:
        cloud = reach(around.cloud, log)
        show = Show(cloud, Heard(rig.heard), rig.inbox, output, rig.terminal, phrases)
        troubles = show.present(len(list(PHOTOS.glob("*.jpg"))))
        troubles += Audience(cloud, rig.inbox, rig.terminal, rig.turned_away).present()
    if troubles and not keep:
        return _fail(rig.terminal, output.folder, *troubles)
    for trouble in troubles:
        rig.terminal.say(trouble, Style.BAD)
    rig.terminal.say(f"Photos with faces, a clip, sounds, records and logs are in {output.folder}.")
    if keep:
        rig.terminal.say(f"\nPress again at {board}presses, or from another terminal:")
        rig.terminal.say(f"\n  {command(aws, around.cloud, 'press')}\n")
        rig.terminal.say("Let the hall be watched for another five minutes:")
        rig.terminal.say(f"\n  {command(aws, around.cloud, f'watch --camera {HALL_CAMERA} --minutes 5')}\n")
        rig.terminal.say("Ctrl-C ends everything.\n")
        show.follow()
    return 0


def command(aws: Mapping[str, str], cloud: Mapping[str, str], words: str) -> str:
    """A line of the worker's for a shell in any folder, whatever AWS settings of one's own it has."""
    settings = {"AWS_PROFILE": "", **aws, "QUEUE_URL": "", "QUEUE_NAME": cloud["queue"], "NO_PROXY": "127.0.0.1"}
    assignments = " ".join(f"{name}={shlex.quote(value) if value else ''}" for name, value in settings.items())
    return f"cd {shlex.quote(str(ROOT))} && {assignments} {shlex.quote(sys.executable)} -m worker {words}"


def _fail(terminal: Terminal, folder: Path, *reasons: str) -> int:
    for reason in reasons:
        terminal.say(f"Not all right: {reason}", Style.BAD)
    terminal.say(f"What the processes said is in {folder}/*.log.")
    return 1


def _forget_own_settings() -> None:
    """No AWS account, proxy or setting of one's own plays a part, neither here nor in the processes."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    os.environ.clear()
    os.environ.update(kept | _SET)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo", description="Press, look, and speak, all on this machine.")
    parser.add_argument("--keep", action="store_true", help="stay up after the last photo, for presses of your own")
    parser.add_argument(
        "--language", type=phrases_in, default="en", metavar="TAG", help="such as de, fr, es or it; default: en"
    )
    parser.add_argument("--output", type=Path, default=Path("demo-output"), metavar="DIR", help="default: demo-output")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
