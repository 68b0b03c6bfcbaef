"""Lambda handler: one step of a rotation, or the age of secrets."""

import os
import time
from collections.abc import Mapping, Sequence
from typing import cast

from components.database_functions.aws import secrets_manager_client
from components.database_functions.database import Database
from components.database_functions.errors import EventError
from components.database_functions.event_log import log_event, log_failures
from components.database_functions.rotation.age import is_age_check, report_rotation_age
from components.database_functions.rotation.secret_versions import SecretVersions
from components.database_functions.rotation.settings import ALTERNATING_USERS, RotationSettings
from components.database_functions.rotation.steps import RotationSteps
from components.database_functions.rotation.strategies import AlternatingUsers, SingleUser, Strategy
from components.database_functions.secrets_manager import SecretsManager

STEPS = {
    "createSecret": RotationSteps.create_secret,
    "setSecret": RotationSteps.set_secret,
    "testSecret": RotationSteps.test_secret,
    "finishSecret": RotationSteps.finish_secret,
}


def handle(event: Mapping[str, object], context: object) -> None:
    """Run the step that Secrets Manager requests, or report the age of secrets.

    Args:
        event: `SecretId`, `ClientRequestToken` and `Step`, or `SecretIds` and `Check`; other keys
            are ignored.
        context: Lambda context, unused.

    Raises:
        FunctionError: The step failed; Secrets Manager retries it.
    """
    del context
    settings = RotationSettings.from_environment(os.environ)
    client = secrets_manager_client()
    if is_age_check(event):
        for secret_id in _texts(event, "SecretIds"):
            report_rotation_age(client, secret_id)
    else:
        run_step(event, client, Database(settings), settings)


def run_step(
    event: Mapping[str, object],
    client: SecretsManager,
    database: Database,
    settings: RotationSettings,
) -> None:
    """Run one step and log its result.

    Raises:
        FunctionError: The step failed.
    """
    started = time.monotonic()
    secret_id, token, step = (
        _text(event, key) for key in ("SecretId", "ClientRequestToken", "Step")
    )
    fields = {"step": step, "secret": secret_id, "version": token}
    with log_failures("step_failed", **fields):
        if step not in STEPS:
            message = f"Step is {step!r}, allowed: {', '.join(STEPS)}"
            raise EventError(message)
        versions = SecretVersions(client, secret_id, token)
        if versions.is_promoted():
            versions.remove_leftover_label()
            log_event("already_current", **fields)
            return
        strategy = _strategy(client, versions, settings)
        STEPS[step](RotationSteps(versions, database, strategy, settings))
    log_event("step_succeeded", **fields, seconds=round(time.monotonic() - started, 3))


def _strategy(
    client: SecretsManager, versions: SecretVersions, settings: RotationSettings
) -> Strategy:
    if settings.strategy == ALTERNATING_USERS:
        return AlternatingUsers(client, settings.superuser_secret_arn)
    return SingleUser(versions)


def _text(event: Mapping[str, object], key: str) -> str:
    value = event.get(key)
    if not isinstance(value, str) or not value:
        message = f"the event has no {key}"
        raise EventError(message)
    return value


def _texts(event: Mapping[str, object], key: str) -> Sequence[str]:
    values = event.get(key)
    if not isinstance(values, list) or not values:
        message = f"the event has no {key}"
        raise EventError(message)
    return [str(each) for each in cast("list[object]", values)]
