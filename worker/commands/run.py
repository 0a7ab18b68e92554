"""`run`: the daemon."""

import argparse
import os

from worker.commands.exits import FAILURE, complain, refuse
from worker.runtime.allocator import settle_allocator


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """There is nothing to say but the settings."""


def run(_options: argparse.Namespace) -> int:
    settle_allocator()
    # Not before: what these bring in allocates much, and would do it by the allocator's own rules.
    import structlog

    from worker.disk.data_dir import DataDirTaken
    from worker.domain.errors import CloudError, CloudRefused
    from worker.logs import configure_logs
    from worker.runtime import daemon
    from worker.settings import SettingsError, doubts, load_configuration
    from worker.settings.aws import open_session
    from worker.settings.mistakes import both

    try:
        configuration, session = both(lambda: load_configuration(os.environ), lambda: open_session(os.environ))
        configure_logs(configuration.worker.log_level, configuration.worker.log_format, configuration.secrets)
        for doubt in doubts(os.environ):
            structlog.get_logger(__name__).warning(doubt, action="unknown_setting")
        daemon.run(configuration, session)
    except SettingsError as error:
        return complain(error.mistakes, doubts(os.environ))
    except DataDirTaken as error:
        return complain([str(error)])
    except CloudRefused as error:
        return complain([str(error)])
    except CloudError as error:
        return refuse(str(error), FAILURE)
    return 0
