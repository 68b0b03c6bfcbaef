"""The reserved words are those of a real PostgreSQL 17."""

import pytest

from emulator.aws.aurora.reserved_words import RESERVED_WORDS
from tools.testing.databases import DatabaseUnderTest

pytestmark = pytest.mark.database


def test_the_reserved_words_are_postgresqls(database: DatabaseUnderTest) -> None:
    with database.server.superuser() as connection:
        rows = connection.execute(
            "SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')"
        ).fetchall()
    assert {word for (word,) in rows} == RESERVED_WORDS
