"""Eventual consistency of new secret versions, for tests that ask for it."""

import os
import time
from weakref import WeakKeyDictionary

from moto.secretsmanager.models import FakeSecret

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.patches.secretsmanager.secrets import holder_of, stored_secret
from emulator.aws.registry import patch_operations

DELAY_VARIABLE = "EMULATOR_SECRET_DELAY_SECONDS"
"""Environment variable: seconds for which a new pending version cannot be read. Default: 0."""

_PENDING = "AWSPENDING"
_TEST = "secretsmanager/test_consistency"
_WRITTEN: WeakKeyDictionary[FakeSecret, dict[str, float]] = WeakKeyDictionary()


@patch_operations(
    "secretsmanager:PutSecretValue",
    "secretsmanager:GetSecretValue",
    moto_behaviour="a new version can be read immediately",
    aws="a new version may not be found for a while; an environment variable sets how long",
    source="Secrets Manager user guide, Troubleshoot AWS Secrets Manager, changes are eventually "
    "consistent",
    test=f"{_TEST}::test_a_new_pending_version_is_not_found_for_the_configured_time",
)
def delay_pending_version(call: Call, proceed: Proceed) -> Answer:
    """Record when a version is written, and hide a pending one until the delay is over."""
    secret = stored_secret(call)
    if secret is None:
        return proceed()
    written = _WRITTEN.setdefault(secret, {})
    if call.operation == "PutSecretValue":
        result = proceed()
        holder = holder_of(secret, _PENDING)
        if holder is not None:
            written.setdefault(holder, time.monotonic())
        return result
    delay = float(os.environ.get(DELAY_VARIABLE, "0"))
    if call.params.get("VersionStage") == _PENDING:
        holder = holder_of(secret, _PENDING)
        if holder is not None and time.monotonic() < written.get(holder, 0.0) + delay:
            reject(
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for staging label: "
                f"{_PENDING}",
            )
    return proceed()
