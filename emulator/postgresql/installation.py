"""An installation of PostgreSQL in which the master user may create Aurora's extensions.

RDS lets a member of rds_superuser create every supported extension, and nobody another one.
PostgreSQL lets a user who is not a superuser create the extensions whose control file says
`trusted`, and finds these files relative to its executable. So the server runs from a folder with
control files of its own. Programs on the PATH may find theirs elsewhere, so they run where they
are: there, the master user can create only the extensions that PostgreSQL itself trusts.
"""

import os
import shutil
from pathlib import Path

from emulator.postgresql import programs

EXTENSIONS = frozenset(
    {
        *("amcheck", "autoinc", "bloom", "btree_gin", "btree_gist", "citext", "cube", "dblink"),
        *("dict_int", "dict_xsyn", "earthdistance", "fuzzystrmatch", "hstore", "insert_username"),
        *("intagg", "intarray", "isn", "lo", "ltree", "moddatetime", "pg_buffercache"),
        *("pg_freespacemap", "pg_prewarm", "pg_stat_statements", "pg_trgm", "pg_visibility"),
        *("pgcrypto", "pgrowlocks", "pgstattuple", "plpgsql", "postgres_fdw", "refint", "seg"),
        *("sslinfo", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time", "unaccent"),
    }
)
"""Aurora's extensions among those of PostgreSQL's package (Release notes for Aurora PostgreSQL,
Extensions supported for Aurora PostgreSQL 17; pgvector/pgvector issue 209 quotes
`SHOW rds.extensions`)."""

_LINKED = ("timezonesets", "tsearch_data")
"""The other folders that a running server reads."""


def program(prefix: Path) -> Path:
    """Return the path of an installation's server program."""
    return (prefix / "bin" if programs.are_bundled() else programs.folder()) / "postgres"


def install(prefix: Path) -> None:
    """Create an installation that every user can read; an older one is replaced.

    Args:
        prefix: Folder of the installation.
    """
    if not programs.are_bundled():
        return
    # An older one may refer to a virtual environment that no longer exists.
    shutil.rmtree(prefix, ignore_errors=True)
    original = programs.folder().parent
    share, extensions = prefix / "share", prefix / "share" / "extension"
    for folder in (prefix, prefix / "bin", share, extensions):
        folder.mkdir(parents=True)
        folder.chmod(0o755)
    (prefix / "lib").symlink_to(original / "lib")
    for name in _LINKED:
        (share / name).symlink_to(original / "share" / name)
    for name in EXTENSIONS:
        control = f"{name}.control"
        text = _trusted(original / "share" / "extension" / control)
        (extensions / control).write_text(text, encoding="utf-8")
        (extensions / control).chmod(0o644)
    _hard_link(original / "bin" / "postgres", program(prefix))


def _trusted(control: Path) -> str:
    """Return a control file that trusts the extension and says where its scripts are."""
    scripts = str(control.parent).replace("'", "''")
    text = control.read_text(encoding="utf-8")
    return f"{text}\ntrusted = true\ndirectory = '{scripts}'\n"


def _hard_link(source: Path, target: Path) -> None:
    """Link a program, or copy it to another file system or of another user.

    A symbolic link would not do: PostgreSQL resolves those of its executable.
    """
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
