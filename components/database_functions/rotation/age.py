"""How long ago a secret was rotated: told now and then, for an alarm on what did not happen.

Nothing of AWS measures it, and an alarm looks back seven days at most (CloudWatch API,
PutMetricAlarm), far less than the time between two rotations.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from components.database_functions.event_log import note
from components.database_functions.rotation.age_event import CHECK, DAYS, EVENT
from components.database_functions.rotation.secret_versions import SecretsManager, answers


def is_asked_for(event: Mapping[str, object]) -> bool:
    """Whether the event asks for the age instead of a step."""
    return event.get("Check") == CHECK


def tell(client: SecretsManager, secret_id: str, now: datetime | None = None) -> None:
    """Write the days since the last rotation, or since creation, to the log.

    Raises:
        SecretsManagerError: Secrets Manager refused or was not reached.
    """
    with answers():
        secret = client.describe_secret(SecretId=secret_id)
    since: datetime = secret.get("LastRotatedDate") or secret["CreatedDate"]
    age = (now or datetime.now(UTC)) - since
    note(EVENT, secret=secret_id, **{DAYS: round(age / timedelta(days=1), 3)})
