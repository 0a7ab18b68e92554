"""`say`: a text on the queue, for the camera to say."""

import argparse
import json

from worker.commands import sending
from worker.commands.exits import USAGE_ERROR, refuse
from worker.domain.say import MAX_CHARACTERS, NotSayable, Say
from worker.domain.speech_text import SpeechText


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help=f"one line of 1 to {MAX_CHARACTERS} characters")
    parser.add_argument("--voice", metavar="VOICE", help="a Polly voice such as Joanna (default: the worker's)")
    parser.add_argument("--chime", action="store_true", help="a chime before it")
    parser.add_argument("--ssml", action="store_true", help="TEXT is SSML: <speak>...</speak>")
    sending.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    try:
        say = Say(SpeechText(options.text, options.voice, ssml=options.ssml), chime=options.chime)
    except NotSayable as error:
        return refuse(f"not queued: {error}", USAGE_ERROR)
    return sending.send(_body(say), options)


def _body(say: Say) -> str:
    """JSON alone can say all of it, also characters that SQS refuses in a message."""
    what = say.what
    wished = {"voice": what.voice, "chime": say.chime or None, "ssml": what.ssml or None}
    given = {name: value for name, value in wished.items() if value is not None}
    return json.dumps({"command": say.name, "text": what.text, **given})
