"""The reserved words are those of a real PostgreSQL 17."""

import pytest

from emulator.aws.aurora.reserved_words import RESERVED_WORDS
from emulator.testing.databases import Login, RunningDatabase

pytestmark = pytest.mark.database


def test_the_reserved_words_are_postgresqls(database: RunningDatabase[Login]) -> None:
    with database.server.superuser() as connection:
        rows = connection.execute(
            "SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')"
        ).fetchall()
    assert {word for (word,) in rows} == RESERVED_WORDS
