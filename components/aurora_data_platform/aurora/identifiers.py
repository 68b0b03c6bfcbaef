"""Names that PostgreSQL or RDS reserves."""

import json
from pathlib import Path

RESERVED_WORDS = frozenset[str](
    json.loads(Path(__file__).with_name("reserved_words.json").read_text(encoding="utf-8"))["words"]
)
"""PostgreSQL's reserved words. RDS rejects them as MasterUsername and DatabaseName (RDS API,
CreateDBCluster)."""

RESERVED_USERS = frozenset({"admin", "administrator", "postgres", "rdsadmin", "root"})
"""Rejected by Aurora PostgreSQL, or default names that Security Hub RDS.24 reports."""

RESERVED_USER_PREFIXES = ("pg_", "rds_")
"""Prefixes of PostgreSQL's and RDS's own roles."""

RESERVED_DATABASES = frozenset({"admin", "rdsadmin", "template0", "template1"})
"""Databases of RDS and of PostgreSQL itself."""


def is_reserved_user(name: str) -> bool:
    """Return whether a role of this name cannot be created, or must not be."""
    return name in RESERVED_USERS | RESERVED_WORDS or name.startswith(RESERVED_USER_PREFIXES)


def is_reserved_database(name: str) -> bool:
    """Return whether RDS rejects a database of this name."""
    return name in RESERVED_DATABASES | RESERVED_WORDS
