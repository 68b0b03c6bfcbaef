"""What Lambda calls: once per step, and now and then to tell the secret's age."""

import os
import time
from collections.abc import Mapping
from typing import Any, cast

import boto3
from botocore.config import Config

from components.database_functions.database import Database
from components.database_functions.errors import EventError, RotationError
from components.database_functions.event_log import note
from components.database_functions.rotation import age
from components.database_functions.rotation.secret_versions import SecretsManager, SecretVersions
from components.database_functions.rotation.settings import ALTERNATING_USERS, Settings
from components.database_functions.rotation.steps import Rotation
from components.database_functions.rotation.strategies import AlternatingUsers, SingleUser, Strategy

STEPS = {
    "createSecret": Rotation.create_secret,
    "setSecret": Rotation.set_secret,
    "testSecret": Rotation.test_secret,
    "finishSecret": Rotation.finish_secret,
}
_KEYS = ("SecretId", "ClientRequestToken", "Step")
_CALLS = Config(
    connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 4}
)


def handle(event: Mapping[str, object], context: object) -> None:
    """Do the step that Secrets Manager asks for, or tell the secret's age.

    Args:
        event: `SecretId`, and either `ClientRequestToken` and `Step`, or `Check`; other keys are
            ignored.
        context: Lambda's, not used.

    Raises:
        RotationError: the step was not done; Secrets Manager tries again.
    """
    del context
    settings = Settings.from_environment(os.environ)
    session = cast("Any", boto3)
    client = cast("SecretsManager", session.client("secretsmanager", config=_CALLS))
    if age.is_asked_for(event):
        age.tell(client, _text(event, "SecretId"))
    else:
        perform(event, client, Database(settings), settings)


def perform(
    event: Mapping[str, object], client: SecretsManager, database: Database, settings: Settings
) -> None:
    """Do one step with what it needs, and tell the log how it ended.

    Raises:
        RotationError: the step was not done.
    """
    started = time.monotonic()
    secret_id, token, step = (
        _text(event, key) for key in ("SecretId", "ClientRequestToken", "Step")
    )
    facts = {"step": step, "secret": secret_id, "version": token}
    try:
        if step not in STEPS:
            message = f"Step is {step!r}, allowed: {', '.join(STEPS)}"
            raise EventError(message)
        versions = SecretVersions(client, secret_id, token)
        if versions.is_promoted():
            note("already promoted", **facts)
            return
        STEPS[step](Rotation(versions, database, _strategy(client, versions, settings), settings))
    except RotationError as failure:
        note("step failed", **facts, error=type(failure).__name__, reason=str(failure))
        raise
    except Exception as failure:
        # The text of what nobody expected may quote anything, and Lambda logs what it sees.
        message = f"unexpected {type(failure).__name__} {_origin(failure)}"
        note("step failed", **facts, error=type(failure).__name__, reason=message)
        raise RotationError(message) from None
    note("step done", **facts, seconds=round(time.monotonic() - started, 3))


def _strategy(client: SecretsManager, versions: SecretVersions, settings: Settings) -> Strategy:
    if settings.strategy == ALTERNATING_USERS:
        return AlternatingUsers(client, settings.superuser_secret_arn)
    return SingleUser(versions)


def _text(event: Mapping[str, object], key: str) -> str:
    value = event.get(key)
    if not isinstance(value, str) or not value:
        message = f"the event has no {key}"
        raise EventError(message)
    return value


def _origin(failure: BaseException) -> str:
    trace = failure.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "somewhere"
    return f"at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
