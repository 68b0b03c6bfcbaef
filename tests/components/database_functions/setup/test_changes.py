"""Statements of a setup: what is run, reported, and said of a failure. No database is needed."""

from dataclasses import FrozenInstanceError, dataclass, field, fields
from typing import Any, cast

import pytest

from components.database_functions.errors import StatementError
from components.database_functions.setup.changes import Change, Report


@dataclass
class Statements:
    """A session that rejects one statement."""

    rejected: str = ""
    run_so_far: list[str] = field(default_factory=list[str])

    def run(self, sql: str) -> None:
        if sql == self.rejected:
            message = "permission denied"
            raise StatementError(message)
        self.run_so_far.append(sql)


CREATED = Change("user web: created", "CREATE ROLE web")
COMMENT = Change("", "COMMENT ON ROLE web IS 'managed'")


def test_every_statement_is_run_and_every_description_reported() -> None:
    session, report = Statements(), Report()
    report.run(cast("Any", session), [CREATED, COMMENT])
    assert session.run_so_far == [CREATED.sql, COMMENT.sql]
    assert report == Report(changed=["user web: created"])
    assert report.members() == {"changed": ["user web: created"], "warnings": [], "remaining": []}


def test_a_change_is_never_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(CREATED, fields(CREATED)[0].name, "changed")


@pytest.mark.parametrize(
    ("rejected", "message"),
    [
        (CREATED, "user web: created: CREATE ROLE web: permission denied"),
        (COMMENT, "setup: COMMENT ON ROLE web IS 'managed': permission denied"),
    ],
)
def test_a_rejected_statement_is_named_and_ends_the_setup(rejected: Change, message: str) -> None:
    session, report = Statements(rejected.sql), Report()
    with pytest.raises(StatementError) as error:
        report.run(cast("Any", session), [rejected, CREATED])
    assert str(error.value) == message
    assert (session.run_so_far, report.changed) == ([], [])
