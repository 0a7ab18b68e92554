"""`forget`: what is known of one press is deleted, here and now."""

import argparse
import os

import boto3

from worker.aws.clients import connect
from worker.aws.clock import AwsClock
from worker.aws.photos import Photos
from worker.aws.records import Records
from worker.aws.table import Table
from worker.commands.exits import USAGE_ERROR, complain, refuse
from worker.disk.spool import Spool
from worker.domain.errors import CloudError
from worker.domain.press import NotACapture, read_capture_id
from worker.job.erasing import Archive, InWork, erase
from worker.logs import printable
from worker.settings import ArchiveSettings, SettingsError, camera_names, doubts, load
from worker.settings.aws import open_session
from worker.settings.mistakes import both


def open_archive(session: boto3.Session, settings: ArchiveSettings) -> Archive:
    clients, clock = connect(session), AwsClock()
    clock.learn_from(clients.dynamodb)
    photos = Photos(clients.s3, settings.bucket_name)
    return Archive(
        photos, Records(Table(clients.dynamodb, settings.table_name)), Spool(settings.data_dir / "spool"), clock
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("capture_id", metavar="CAPTURE_ID", help="as `results` shows it")
    parser.add_argument("--camera", metavar="NAME", help="of which camera (default: the worker's first)")


def run(options: argparse.Namespace) -> int:
    deleted = 0
    try:
        press = read_capture_id(options.camera or camera_names(os.environ)[0], options.capture_id)
        session, settings = both(lambda: open_session(os.environ), lambda: load(ArchiveSettings, os.environ))
        for what in erase(press, open_archive(session, settings)):
            print("deleted", printable(what), flush=True)
            deleted += 1
    except SettingsError as error:
        return complain(error.mistakes, doubts(os.environ))
    except NotACapture as error:
        return refuse(str(error), USAGE_ERROR)
    except BrokenPipeError:
        raise
    except (InWork, CloudError, OSError) as error:
        return refuse(f"not everything is deleted: {error}" if deleted else f"nothing is deleted: {error}")
    if not deleted:
        return refuse(f"there is nothing to delete: camera {press.camera} has no {press.capture_id}")
    return 0
