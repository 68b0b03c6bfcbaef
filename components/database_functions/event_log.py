"""What the function writes to its log: one JSON object a line, facts by name, never a secret."""

import json


def note(event: str, **facts: str | int | float | None) -> None:
    """Write one line. Callers pass names, labels and figures, never a credential."""
    print(json.dumps({"event": event, **facts}), flush=True)
