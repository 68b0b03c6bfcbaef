"""Extensions of Aurora PostgreSQL."""

import json
from collections.abc import Mapping
from pathlib import Path

_DATA = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
SUPPORTED = frozenset[str](_DATA["supported"])
"""Extensions that Aurora PostgreSQL supports in a major version that the platform accepts."""
PRELOAD: Mapping[str, str] = _DATA["preload"]
"""Libraries by extension, without which in shared_preload_libraries the extension does not work."""
CRON, CRON_DATABASE, DEFAULT_CRON_DATABASE = "pg_cron", "cron.database_name", "postgres"
"""An extension that one database of the cluster can have, the parameter that names the database,
and its default (Amazon Aurora User Guide, Scheduling maintenance with the pg_cron extension)."""
LIBRARIES = "shared_preload_libraries"
"""Amazon Aurora User Guide, Working with extensions and foreign data wrappers."""


def preloaded(libraries: object) -> frozenset[str]:
    """Return the libraries in a value of shared_preload_libraries."""
    return frozenset(each.strip() for each in str(libraries or "").split(",") if each.strip())
