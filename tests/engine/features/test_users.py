"""Databases and users on the real engine: from a declaration to logins, and every way back."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pulumi.automation import CommandError, Stack

from emulator.aws import schedules
from rehearsal import Rehearsal
from rehearsal.database import Login, LoginError
from rehearsal.users import UserAccess
from tests.engine.plans import Plan, resources_of

NAME = "people"
MIGRATIONS = {"authentication": "iam", "access": "owner"}
ORDERS = {"authentication": "password", "access": "readwrite"}
REPORTS = {
    "authentication": "password",
    "access": "readonly",
    "taskRoles": ["dev-trialfinder-ecs-task-role"],
    "executionRoles": ["dev-trialfinder-ecs-execution-role"],
}
USERS = {"migrations": MIGRATIONS, "orders": ORDERS, "reports": REPORTS}


@pytest.fixture(scope="module")
def configure(rehearsal: Rehearsal) -> Iterator[Callable[..., Stack]]:
    """Return the stack with a configuration; the tests of this module change it in order."""

    def configured(**changes: object) -> Stack:
        return rehearsal.stack(NAME, {"platformName": NAME, **changes}, like="dev")

    yield configured
    stack = configured()
    stack.destroy()
    stack.workspace.remove_stack(stack.name)


@pytest.fixture(scope="module")
def people(configure: Callable[..., Stack], rehearsal: Rehearsal) -> Stack:
    stack = configure(users=USERS, databases={"trialfinder": {"schemas": ["app"]}})
    stack.up()
    for database in rehearsal.logins(stack):
        database.wait_for_first_rotation()
    return stack


def setup_of(stack: Stack) -> dict[str, list[str]]:
    return stack.outputs()["databaseSetup"].value


def test_every_user_can_log_in_and_do_exactly_what_is_declared(
    people: Stack, rehearsal: Rehearsal
) -> None:
    assert rehearsal.users(people).try_access() == [
        UserAccess("migrations", "migrations", "iam", can_write=True, rows=1),
        UserAccess("orders", "orders_clone", "password", can_write=True, rows=1),
        UserAccess("reports", "reports_clone", "password", can_write=False, rows=0),
    ]


def test_a_second_deployment_changes_nothing(people: Stack) -> None:
    people.refresh()
    plan = Plan()
    people.up(on_event=plan.record)
    assert plan.steps == {}


def test_a_users_secret_rotates_between_two_users_that_both_log_in(
    people: Stack, rehearsal: Rehearsal
) -> None:
    _, orders, _ = rehearsal.logins(people)
    clone, first = orders.log_in(), orders.secret()
    assert clone == Login("orders_clone", "17.10", encrypted=True)
    orders.rotate()
    assert orders.log_in() == Login("orders", "17.10", encrypted=True)
    assert orders.log_in(first) == clone, "the previous credentials still work"


def test_the_ages_of_all_users_passwords_are_reported(
    people: Stack, client: Callable[[str], Any]
) -> None:
    (invocation,) = schedules.fire(client, f"dev-{NAME}-users-rotation-age-ue2")
    rows = [json.loads(line) for line in invocation.log.splitlines() if "rotation_age" in line]
    secrets = [f"/dev/rds/{NAME}/users/{user}" for user in ("orders", "reports")]
    assert [row["secret"] for row in rows] == secrets
    assert all(row["days"] < 1 for row in rows)


def test_the_daily_check_repairs_what_was_changed_by_hand(
    people: Stack, rehearsal: Rehearsal, client: Callable[[str], Any]
) -> None:
    with rehearsal.database(people).connect() as master:
        master.execute("GRANT trialfinder_readwrite TO reports")
    schedules.fire(client, f"dev-{NAME}-setup-check-ue2")
    with rehearsal.database(people).connect() as master:
        found = master.execute(
            "SELECT pg_has_role('reports', 'trialfinder_readwrite', 'MEMBER')"
        ).fetchone()
    assert found == (False,)


def test_access_changes_in_place(
    people: Stack, configure: Callable[..., Stack], rehearsal: Rehearsal
) -> None:
    users = {**USERS, "reports": {**REPORTS, "access": "readwrite"}}
    stack = configure(users=users, databases={"trialfinder": {"schemas": ["app"]}})
    plan = Plan()
    stack.up(on_event=plan.record)
    assert {name: step.operation for name, step in plan.steps.items()} == {
        f"{NAME}-setup-function": "update",
        f"{NAME}-setup": "replace",
    }
    assert setup_of(stack)["changed"] == [
        "role reports: no longer member of trialfinder_readonly",
        "role reports: member of trialfinder_readwrite",
    ]
    assert rehearsal.users(stack).try_access()[-1].can_write


def test_a_refused_declaration_leaves_the_database_untouched(
    people: Stack, configure: Callable[..., Stack], rehearsal: Rehearsal
) -> None:
    with rehearsal.database(people).connect() as master:
        master.execute("CREATE ROLE legacy NOLOGIN")
    stack = configure(users={"legacy": ORDERS}, databases={"trialfinder": {"schemas": ["app"]}})
    with pytest.raises(CommandError) as failed:
        stack.up()
    assert "role legacy exists and is not a plain login role" in str(failed.value)
    with rehearsal.database(people).connect() as master:
        found = master.execute(
            "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname ~ '^(migr|orders|reports)' "
            "ORDER BY 1"
        ).fetchall()
    assert found == [
        *(("migrations",), ("orders",), ("orders_clone",)),
        *(("reports",), ("reports_clone",)),
    ]


def test_a_removed_user_is_disabled_and_its_data_remains(
    people: Stack, configure: Callable[..., Stack], rehearsal: Rehearsal
) -> None:
    _, orders, _ = rehearsal.logins(people)
    last = orders.secret()
    users = {"migrations": MIGRATIONS, "reports": REPORTS}
    stack = configure(users=users, databases={"trialfinder": {"schemas": ["app"]}})
    plan = Plan()
    stack.up(on_event=plan.record)
    assert plan.steps[f"{NAME}-orders-secret"].operation == "delete"
    assert [each.partition(";")[0] for each in setup_of(stack)["remaining"]] == [
        "user orders is disabled and not dropped",
        "user orders_clone is disabled and not dropped",
    ]
    with pytest.raises(LoginError, match="password authentication failed"):
        orders.log_in(last)


def test_no_password_is_in_the_plain_state_or_the_log_of_the_functions(
    people: Stack, rehearsal: Rehearsal, client: Callable[[str], Any]
) -> None:
    (checked,) = schedules.fire(client, f"dev-{NAME}-setup-check-ue2")
    passwords = [database.secret().content["password"] for database in rehearsal.logins(people)]
    (setup,) = [
        each for each in resources_of(people) if each["type"] == "aws:lambda/invocation:Invocation"
    ]
    places = {"setup": repr(setup), "log": checked.log}
    assert len(passwords) == 2
    assert [
        name
        for name, text in places.items()
        for sought in (*passwords, "SCRAM-SHA-256")
        if sought in text
    ] == []
    assert '"event": "setup", "mode": "check", "changed": 0' in checked.log
