"""`inspect`: every query is answered, and none can write."""

import pytest

from operations.database.queries import Query, queries
from operations.database.running import run_query
from operations.errors import CannotRunError
from operations.output.document import Document
from tests.engine.operations.conftest import Command
from tests.engine.operations.verbs.conftest import context
from tests.operations.defects.deployed import Deployed
from tests.operations.fault_proxy import FaultProxy


@pytest.mark.parametrize("topic", queries())
def test_every_topic_of_inspect_is_answered(command: Command, topic: str) -> None:
    ended = command("inspect", topic, "--json")
    assert ended.code == 0, ended.err
    assert isinstance(Document.model_validate(ended.json).summary["rows"], list)


def test_inspect_finds_a_blocked_session(command: Command, deployed: Deployed) -> None:
    with deployed.superuser() as connection, connection.transaction():
        connection.execute("LOCK TABLE pg_catalog.pg_description IN ACCESS EXCLUSIVE MODE")
        locks = command("inspect", "locks", "--json").json["summary"]["rows"]
    assert ("pg_description", "AccessExclusiveLock", True) in [
        (row["relation"], row["mode"], row["granted"]) for row in locks
    ]


def test_inspect_cannot_write(environment: FaultProxy, deployed: Deployed) -> None:
    query = Query(title="-", runbook="-", sql="CREATE TABLE written (id integer)")
    with pytest.raises(CannotRunError, match="cannot execute CREATE TABLE in a read-only"):
        run_query(context(deployed), query)
