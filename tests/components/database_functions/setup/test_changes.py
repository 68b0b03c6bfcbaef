"""Statements of a setup: what is run, what is reported, and the messages of failures. No database is needed."""

from dataclasses import FrozenInstanceError, dataclass, field, fields
from typing import Any, cast

import pytest

from components.database_functions.errors import PermissionDeniedError, StatementError
from components.database_functions.setup.changes import Change, Report


@dataclass
class Statements:
    """A session that rejects one statement, and answers queries."""

    rejected: str = ""
    run_so_far: list[str] = field(default_factory=list[str])
    error: type[StatementError] = PermissionDeniedError
    answer: bool = True

    def run(self, sql: str) -> list[tuple[bool]]:
        if sql == self.rejected:
            message = "permission denied"
            raise self.error(message)
        self.run_so_far.append(sql)
        return [(self.answer,)]


CREATED = Change("user web: created", "CREATE ROLE web")
COMMENT = Change("", "COMMENT ON ROLE web IS 'managed'")


def test_every_statement_is_run_and_every_description_reported() -> None:
    session, report = Statements(), Report()
    report.run(cast("Any", session), [CREATED, COMMENT])
    assert session.run_so_far == [CREATED.sql, COMMENT.sql]
    assert report == Report(changed=["user web: created"])
    assert report.members() == {"changed": ["user web: created"], "warnings": [], "remaining": []}


def test_a_recorded_change_is_immutable() -> None:
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
    with pytest.raises(PermissionDeniedError) as error:
        report.run(cast("Any", session), [rejected, CREATED])
    assert str(error.value) == message
    assert (session.run_so_far, report.changed) == ([], [])


REVOKED = Change("role web: no longer member of orders", "REVOKE orders FROM web")
IS_REVOKED = "SELECT true"


@pytest.mark.parametrize(
    ("rejected", "is_made", "statements", "changed"),
    [
        ("", True, [REVOKED.sql], [REVOKED.description]),
        ("", False, [REVOKED.sql], []),
        (REVOKED.sql, False, ["ROLLBACK TO SAVEPOINT attempt"], []),
    ],
    ids=["made", "ignored", "rejected"],
)
def test_an_attempt_is_reported_if_it_had_an_effect(
    rejected: str, is_made: bool, statements: list[str], changed: list[str]
) -> None:
    session, report = Statements(rejected, answer=is_made), Report()
    assert report.attempt(cast("Any", session), REVOKED, is_made=IS_REVOKED) is is_made
    assert session.run_so_far == ["SAVEPOINT attempt", *statements, IS_REVOKED]
    assert report == Report(changed=changed)


def test_an_attempt_that_fails_for_another_reason_ends_the_setup() -> None:
    session = Statements(REVOKED.sql, error=StatementError)
    with pytest.raises(StatementError, match=r"^permission denied$"):
        Report().attempt(cast("Any", session), REVOKED, is_made=IS_REVOKED)
    assert session.run_so_far == ["SAVEPOINT attempt"]
