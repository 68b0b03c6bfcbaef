"""The data of new servers: created once per machine, and copied."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emulator.postgresql import template
from emulator.postgresql.server_user import ServerUser
from emulator.testing.databases import open_folder

pytestmark = pytest.mark.database

CONTROL = "global/pg_control"
"""A server's control file; its system identifier differs between runs of initdb."""
Create = Callable[[str], Path]


@pytest.fixture
def create() -> Iterator[Create]:
    user = ServerUser.of_this_process()
    with open_folder() as folder:

        def created(name: str) -> Path:
            data = folder / name
            data.mkdir(mode=0o700)
            user.own(data)
            template.create(data, user)
            return data

        yield created


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder of caches, which does not exist yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    template._folder.cache_clear()  # pyright: ignore[reportPrivateUsage] - it depends on the variable
    yield tmp_path / "caches"
    template._folder.cache_clear()  # pyright: ignore[reportPrivateUsage]


def test_the_second_server_has_a_copy_of_the_first_ones_data(cache: Path, create: Create) -> None:
    first, second = create("first"), create("second")
    assert (first / CONTROL).read_bytes() == (second / CONTROL).read_bytes()
    assert second.stat().st_mode & 0o777 == 0o700
    assert second.owner() == first.owner() == ServerUser.of_this_process().name


def test_without_a_cache_that_can_be_written_each_server_has_data_of_its_own(
    cache: Path, create: Create
) -> None:
    cache.write_text("a file, in which no folder can be created")
    first, second = create("first"), create("second")
    assert (first / CONTROL).read_bytes() != (second / CONTROL).read_bytes()
