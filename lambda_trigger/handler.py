"""The entry point of the Lambda: `lambda_trigger.handler.handler`."""

import os
import time
from datetime import UTC, datetime
from functools import partial
from typing import Any

from lambda_trigger import alexa, aws, triggers, webhook
from lambda_trigger.answers import Answers
from lambda_trigger.call import Call
from lambda_trigger.errors import RefusedError, UnknownEventError
from lambda_trigger.log import shortened
from lambda_trigger.press import Command, Nothing, Press
from lambda_trigger.settings import Settings

# Alexa hangs up after about 8 seconds.
_ALEXA_SECONDS = 6.5


def handler(event: object, context: object) -> dict[str, Any]:
    """Puts at most one command on the queue.

    Returns:
        For a function URL its HTTP answer, for Alexa its speech; else `capture_id` and `camera`, or why it `ignored`.

    Raises:
        RefusedError: A setting is wrong, the event is unknown, or not of the configured skill. Nothing was queued.
        botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: SQS or SSM did not do its part.
    """
    call = Call.begin(context, os.environ.get("_X_AMZN_TRACE_ID"), datetime.now(UTC))
    try:
        return _answer(event, call, Settings.from_environment(os.environ))
    except RefusedError as error:
        call.log("error", "refused", reason=str(error), event=shortened(event))
        raise


def _answer(event: object, call: Call, settings: Settings) -> dict[str, Any]:
    if webhook.is_request(event):
        return _answer_webhook(event, call, settings)
    if alexa.is_request(event):
        return _answer_alexa(event, call, settings)
    found = triggers.read(event, settings)
    if isinstance(found, Nothing):
        call.log("info", "ignored", reason=found.reason)
        return {"ignored": found.reason}
    command = _queue(found, call, settings)
    return {"capture_id": command.capture_id, "camera": _camera(command, settings)}


def _answer_webhook(event: object, call: Call, settings: Settings) -> dict[str, Any]:
    refusal = webhook.refusal(event, _token(settings))
    if refusal:
        call.log("warning", "webhook_refused", status=refusal["statusCode"])
        return refusal
    try:
        found = webhook.press(event, partial(triggers.posted, settings=settings))
    except UnknownEventError as error:
        call.log("warning", "webhook_unreadable", reason=str(error))
        return webhook.unreadable(error)
    if isinstance(found, Nothing):
        call.log("info", "ignored", reason=found.reason)
        return webhook.ignored(found)
    command = _queue(found, call, settings)
    return webhook.accepted(command, _camera(command, settings))


def _answer_alexa(event: object, call: Call, settings: Settings) -> dict[str, Any]:
    alexa.check(event, settings.alexa_skill_id, call.now)
    asked = alexa.asked(event)
    if isinstance(asked, alexa.Silence):
        return asked.response
    command = _queue(triggers.with_camera(asked, settings), call, settings)
    spoken = alexa.answers_to(asked.asks, alexa.spoken(event))
    return alexa.says(_sentence(command, spoken, call, settings))


def _sentence(command: Command, spoken: Answers, call: Call, settings: Settings) -> str:
    if not settings.alexa_wait_seconds or settings.table_name is None:
        return spoken.smile
    failed = partial(_log_failed_read, call)
    record = aws.record_reader(settings.table_name, _camera(command, settings), command.capture_id, failed)
    seconds = min(settings.alexa_wait_seconds, _ALEXA_SECONDS - aws.READ_SECONDS)
    return alexa.sentence(record, alexa.Patience(time.monotonic, time.sleep, call.started + seconds), spoken)


def _log_failed_read(call: Call, error: Exception) -> None:
    call.log("warning", "record_unreadable", reason=str(error))


def _queue(press: Press, call: Call, settings: Settings) -> Command:
    command = call.command(press)
    message_id = aws.send(settings.queue_url, command)
    call.log(
        "info",
        "queued",
        command=command.name,
        capture_id=command.capture_id,
        camera=_camera(command, settings),
        source=press.source,
        device=press.device,
        click=press.click,
        message_id=message_id,
    )
    return command


def _camera(command: Command, settings: Settings) -> str:
    return command.press.camera or settings.camera_name


def _token(settings: Settings) -> str | None:
    if settings.webhook_token_parameter:
        return aws.secret_parameter(settings.webhook_token_parameter)
    return settings.webhook_token
