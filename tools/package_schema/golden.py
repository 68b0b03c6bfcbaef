"""The schema that the users of the package have."""

import json
from collections.abc import Mapping
from typing import Any

from tools.repository import ROOT

GOLDEN = ROOT / "tests/package/golden/schema.json"


def golden_text(schema: Mapping[str, Any]) -> str:
    """Return a schema as the golden file contains it."""
    return json.dumps(schema, indent=2) + "\n"
