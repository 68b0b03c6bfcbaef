"""The function's log: one JSON object per line, never a secret."""

import json


def log_event(event: str, **fields: str | int | float | None) -> None:
    """Write one line. Callers pass names, labels and numbers, never a credential."""
    print(json.dumps({"event": event, **fields}), flush=True)
