"""The age of a secret's last rotation, reported for an alarm on overdue rotations.

AWS has no metric for it, and an alarm evaluates at most seven days (CloudWatch API,
PutMetricAlarm), less than the time between two rotations.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from components.database_functions.event_log import log_event
from components.database_functions.rotation.age_event import CHECK, DAYS, EVENT
from components.database_functions.secrets_manager import SecretsManager, translate_client_errors


def is_age_check(event: Mapping[str, object]) -> bool:
    """Return whether the event requests the age instead of a step."""
    return event.get("Check") == CHECK


def report_rotation_age(
    client: SecretsManager, secret_id: str, now: datetime | None = None
) -> None:
    """Log the days since the last rotation, or since the creation of the secret.

    Raises:
        SecretsManagerError: Secrets Manager rejected the call or could not be reached.
    """
    with translate_client_errors():
        secret = client.describe_secret(SecretId=secret_id)
    since: datetime = secret.get("LastRotatedDate") or secret["CreatedDate"]
    age = (now or datetime.now(UTC)) - since
    log_event(EVENT, secret=secret_id, **{DAYS: round(age / timedelta(days=1), 3)})
