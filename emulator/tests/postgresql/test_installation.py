"""Extensions of the master user, as on RDS."""

import errno
import os
import stat
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from emulator.postgresql import installation
from emulator.testing.databases import Login, RunningDatabase, connected

pytestmark = pytest.mark.database


def test_the_master_user_creates_every_extension_of_aurora(
    database: RunningDatabase[Login],
) -> None:
    with connected(database.master) as connection, connection.transaction(force_rollback=True):
        for name in sorted(installation.EXTENSIONS - {"plpgsql"}):
            connection.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(name)))
        found = connection.execute("SELECT extname FROM pg_extension").fetchall()
        assert {name for (name,) in found} == installation.EXTENSIONS
        owners = connection.execute(
            "SELECT DISTINCT extowner::regrole::text FROM pg_extension WHERE extname <> 'plpgsql'"
        ).fetchall()
        assert owners == [(database.master.username,)]


def test_created_extensions_work(database: RunningDatabase[Login]) -> None:
    with connected(database.master) as connection, connection.transaction(force_rollback=True):
        connection.execute("CREATE EXTENSION pg_stat_statements")
        connection.execute("CREATE EXTENSION pgcrypto")
        (calls,) = connection.execute("SELECT count(*) FROM pg_stat_statements").fetchone() or (0,)
        assert calls > 0
        digest = connection.execute("SELECT encode(digest('abc', 'md5'), 'hex')").fetchone()
        assert digest == ("900150983cd24fb0d6963f7d28e17f72",)


@pytest.mark.parametrize("name", ["file_fdw", "pageinspect", "pg_surgery", "hstore_plpython3u"])
def test_an_extension_that_aurora_does_not_support_is_not_available(
    database: RunningDatabase[Login], name: str
) -> None:
    with connected(database.master) as connection:
        create = sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(name))
        with pytest.raises(psycopg.errors.FeatureNotSupported, match=f'"{name}" is not available'):
            connection.execute(create)


def test_another_user_creates_no_extension(database: RunningDatabase[Login]) -> None:
    denied = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with connected(database.new_user()) as connection, denied:
        connection.execute("CREATE EXTENSION pgcrypto")


def test_every_user_can_read_an_installation(tmp_path: Path) -> None:
    previous = os.umask(0o077)
    try:
        installation.install(tmp_path / "prefix")
    finally:
        os.umask(previous)
    found = [path for path in (tmp_path / "prefix").rglob("*") if not path.is_symlink()]
    private = [path for path in found if not stat.S_IMODE(path.stat().st_mode) & 0o004]
    assert private == []


def test_a_program_on_another_file_system_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rejected(*_: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(os, "link", rejected)
    installation.install(tmp_path / "prefix")
    installation.install(tmp_path / "prefix")
    program = installation.program(tmp_path / "prefix")
    assert program.stat().st_nlink == 1
    assert os.access(program, os.X_OK)
