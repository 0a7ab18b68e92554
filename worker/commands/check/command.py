"""`check`: every line as soon as it is known, and whether anything required fails."""

import argparse
import os

from worker.commands.check.line import Level, failed, warning
from worker.commands.check.run import lines
from worker.commands.exits import FAILURE
from worker.logs import configure_logs
from worker.settings import SettingsError, doubts, load_configuration
from worker.settings.aws import open_session
from worker.settings.mistakes import both


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--speak", action="store_true", help="also let each camera nod, say a sentence, and record a second"
    )


def run(options: argparse.Namespace) -> int:
    suspected = [warning("settings", doubt) for doubt in doubts(os.environ)]
    try:
        configuration, session = both(lambda: load_configuration(os.environ), lambda: open_session(os.environ))
    except SettingsError as error:
        print(*(failed("settings", mistake) for mistake in error.mistakes), *suspected, sep="\n")
        return FAILURE
    configure_logs(configuration.worker.log_level, configuration.worker.log_format, configuration.secrets)
    print(*suspected, sep="\n", end="\n" if suspected else "", flush=True)
    code = 0
    for line in lines(configuration, session, aloud=options.speak):
        print(line, flush=True)
        code = FAILURE if line.level is Level.FAILED else code
    return code
