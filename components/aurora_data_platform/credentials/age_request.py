"""The request for the age of secrets, which EventBridge sends to the rotation function."""

import json
from collections.abc import Sequence

from components.database_functions.rotation import age_event

MAX_CHARACTERS = 8_192
"""EventBridge API, PutTargets, Input."""


def age_request(secret_ids: Sequence[str]) -> str:
    """Return the event, as JSON.

    Args:
        secret_ids: ARNs or names. The function needs each of them, and names are shorter.
    """
    return json.dumps({"Check": age_event.CHECK, "SecretIds": list(secret_ids)})
