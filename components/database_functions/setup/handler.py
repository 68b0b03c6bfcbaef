"""Lambda handler: a setup of the declared databases and users."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from components.database_functions.aws import secrets_manager_client
from components.database_functions.database import Database
from components.database_functions.errors import EventError
from components.database_functions.event_log import log_event, log_failures
from components.database_functions.secrets_manager import SecretsManager
from components.database_functions.setup.administrator import MasterUser
from components.database_functions.setup.declaration import Declaration
from components.database_functions.setup.settings import SetupSettings
from components.database_functions.setup.setup import set_up
from components.database_functions.setup.setup_event import (
    APPLY,
    CHECK,
    DECLARATION_FILE,
    EVENT,
    MODES,
    PLAN,
)


def handle(event: Mapping[str, object], context: object) -> Mapping[str, Sequence[str]]:
    """Bring databases and users in line with the declaration, and return what was changed.

    Args:
        event: `Mode`: `apply` with a `Declaration`; `check` repairs what differs from the deployed
            declaration; `plan` changes nothing and describes what `check` would change.
        context: Lambda context, unused.

    Raises:
        FunctionError: The setup failed.
    """
    del context
    settings = SetupSettings.from_environment(os.environ)
    return run(
        event, secrets_manager_client(), Database(settings, application_name="setup"), settings
    )


def run(
    event: Mapping[str, object],
    client: SecretsManager,
    database: Database,
    settings: SetupSettings,
) -> Mapping[str, Sequence[str]]:
    """Run a setup and log its result.

    Raises:
        FunctionError: The setup failed.
    """
    started = time.monotonic()
    mode = str(event.get("Mode"))
    with log_failures("setup_failed", mode=mode):
        if mode not in MODES:
            message = f"Mode is {mode!r}, allowed: {', '.join(MODES)}"
            raise EventError(message)
        declaration = Declaration.parse(
            event.get("Declaration") if mode == APPLY else deployed_declaration()
        )
        administrator = MasterUser(
            client, settings.master_secret_arn, database, settings.login_limit
        )
        report = set_up(
            declaration, administrator, lock_limit=settings.lock_limit, dry_run=mode == PLAN
        )
    log_event(
        EVENT,
        mode=mode,
        changed=len(report.changed),
        repaired=len(report.changed) if mode == CHECK else 0,
        warnings=len(report.warnings),
        remaining=len(report.remaining),
        seconds=round(time.monotonic() - started, 3),
    )
    for change in report.changed:
        log_event("setup_change", mode=mode, change=change)
    return report.members()


def deployed_declaration() -> object:
    """Return the declaration in the deployment package.

    Raises:
        EventError: The package has none.
    """
    path = Path(__file__).with_name(DECLARATION_FILE)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = f"the deployment package has no {DECLARATION_FILE}"
        raise EventError(message) from None
