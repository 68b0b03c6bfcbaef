"""Databases and users: what a stack file may declare."""

from typing import Any

import pytest

from tests.components.aurora_data_platform.settings.test_settings import issues, settings

USER = {"authentication": "iam", "access": "readonly"}
ROLE_NAMES = "a list of names of IAM roles, without path and ARN"


ISSUES: list[tuple[dict[str, object], list[tuple[str, str]]]] = [
    ({"users": {"web": {}}},
     [("users.web.authentication", "iam or password"),
      ("users.web.access", "owner, readwrite or readonly")]),
    ({"users": {"web": {**USER, "authentication": "iam,password"}}},
     [("users.web.authentication", "iam or password")]),
    ({"users": {"web": {**USER, "access": "write"}}},
     [("users.web.access", "owner, readwrite or readonly")]),
    ({"users": {"web": {**USER, "acces": "write"}}}, [("users.web.acces", "")]),
    ({"users": {"web": {**USER, "taskRoles": ["arn:aws:iam::123456789012:role/web"]}}},
     [("users.web.taskRoles", ROLE_NAMES)]),
    ({"users": {"web": {**USER, "executionRoles": ["web"]}}},
     [("users.web.executionRoles", "unset with authentication iam")]),
    ({"users": {"web": {**USER, "statementTimeout": 30}}},
     [("users.web.statementTimeout",
       "a number with a unit (ms, s, min, h or d), or 0 for none")]),
    ({"users": {"web": {**USER, "databases": ["billing"]}}},
     [("users.web.databases", "trialfinder")]),
    ({"users": {"web": {**USER, "databases": ["trialfinder", "trialfinder"]}}},
     [("users.web.databases", "each entry once")]),
    ({"users": {"aurora_master": USER}},
     [("users.aurora_master", "a name other than masterUsername, with or without _clone")]),
    ({"users": {"aurora": USER}, "master_username": "aurora_clone"},
     [("users.aurora", "a name other than masterUsername, with or without _clone")]),
    ({"users": {"trialfinder_readonly": USER}},
     [("users.trialfinder_readonly", "another name")]),
    ({"master_username": "app_owner", "database_name": "app"},
     [("masterUsername", "another name")]),
    ({"users": {"web": {**USER, "taskRoles": ["web", "web"]}}},
     [("users.web.taskRoles", "each entry once")]),
    ({"databases": {"billing": {"extensions": ["pgcrypto", "pgcrypto"]}}},
     [("databases.billing.extensions", "each entry once")]),
    ({"users": {"web": "readonly"}},
     [("users.web", "an object with the keys authentication, access, databases, taskRoles, "
       "executionRoles, statementTimeout, lockTimeout, idleInTransactionSessionTimeout")]),
    ({"users_check_schedule": "rate(1 days)"},
     [("usersCheckSchedule", "rate(N minutes, hours or days), cron(six fields, in UTC), or "
       "empty for no check")]),
    ({"users_check_schedule": "cron(0 6 * *)"},
     [("usersCheckSchedule", "rate(N minutes, hours or days), cron(six fields, in UTC), or "
       "empty for no check")]),
    ({"databases": {"billing": {"schemas": []}}},
     [("databases.billing.schemas", "a list of names of 1 to 63 lowercase letters, digits and "
       "underscores, starting with a letter; no prefix pg_")]),
    ({"databases": {"billing": {"schemas": ["pg_toast"]}}},
     [("databases.billing.schemas", "a list of names of 1 to 63 lowercase letters, digits and "
       "underscores, starting with a letter; no prefix pg_")]),
    ({"databases": {"billing": {"extensions": ["file_fdw"]}}},
     [("databases.billing.extensions", "a list of extensions of Aurora PostgreSQL")]),
    ({"databases": {"billing": {"extensions": ["pg_cron"]}}},
     [("databases.billing.extensions",
       "extensions whose library is in clusterParameters.shared_preload_libraries"),
      ("databases.billing.extensions", "pg_cron in database postgres only")]),
]  # fmt: skip


def test_an_issue_names_the_entry_and_the_allowed_values() -> None:
    assert {str(changes): issues(**changes) for changes, _ in ISSUES} == {
        str(changes): expected for changes, expected in ISSUES
    }


@pytest.mark.parametrize(
    "name", ["Web", "postgres", "rds_web", "web_clone", "user", "w" * 58, "1st"]
)
def test_a_user_has_a_name_that_needs_no_quotes_and_leaves_room_for_its_clone(name: str) -> None:
    ((key, allowed),) = issues(users={name: USER})
    assert key == f"users.{name}"
    assert allowed.startswith("a map of users; names have 1 to 57 lowercase letters")


@pytest.mark.parametrize("name", ["Billing", "rdsadmin", "order", "b" * 54])
def test_a_database_has_a_name_that_leaves_room_for_its_group_roles(name: str) -> None:
    ((key, allowed),) = issues(databases={name: {}})
    assert key == f"databases.{name}"
    assert allowed.startswith("a map of databases; names have 1 to 53 lowercase letters")


@pytest.mark.parametrize(
    "changes",
    [
        {"users": {"web": {**USER, "authentication": "password", "executionRoles": ["web"]}}},
        {"databases": {"billing": {"extensions": ["pgcrypto"]}}},
        {
            "databases": {"billing": {"extensions": ["pg_cron"]}},
            "cluster_parameters": {
                "shared_preload_libraries": "pg_stat_statements, pg_cron",
                "cron.database_name": "billing",
            },
        },
    ],
)
def test_a_sound_declaration_is_accepted(changes: dict[str, object]) -> None:
    declared = settings(**changes)
    assert (
        declared.model_dump(mode="json", by_alias=True, exclude_unset=True, include=set(changes))
        == changes
    )


def test_everything_wrong_is_reported_at_once() -> None:
    found = issues(
        users={"Web": USER, "jobs": {**USER, "access": "all"}},
        databases={"billing": {"schemas": ["Billing"]}},
        port=1,
    )
    assert [key for key, _ in found] == [
        "databases.billing.schemas",
        *("users.Web", "users.jobs.access"),
        "port",
    ]


def test_defaults_end_sessions_that_hold_locks() -> None:
    user = settings(users={"web": USER}).users["web"]
    assert user.session_settings == {
        "statement_timeout": "60s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "60s",
    }


@pytest.mark.parametrize(
    ("changes", "databases"),
    [
        ({}, {"trialfinder": ("public",)}),
        ({"databases": {"trialfinder": {"schemas": ["app"]}}}, {"trialfinder": ("app",)}),
        (
            {"databases": {"billing": {}}},
            {"trialfinder": ("public",), "billing": ("public",)},
        ),
    ],
)
def test_the_initial_database_is_always_declared(
    changes: dict[str, Any], databases: dict[str, tuple[str, ...]]
) -> None:
    declared = settings(**changes).all_databases
    assert {name: each.schemas for name, each in declared.items()} == databases


@pytest.mark.parametrize(
    ("listed", "databases"), [([], ["trialfinder"]), (["billing", "trialfinder"],) * 2]
)
def test_a_user_has_access_to_the_listed_databases_or_else_the_initial_one(
    listed: list[str], databases: list[str]
) -> None:
    declared = settings(databases={"billing": {}}, users={"web": {**USER, "databases": listed}})
    assert declared.databases_of(declared.users["web"]) == databases


def test_users_with_a_password_have_a_rotation_of_their_own() -> None:
    users = {"web": USER, "jobs": {**USER, "authentication": "password"}}
    declared, without = settings(users=users), settings(users={"web": USER})
    assert (declared.password_users, without.password_users) == (["jobs"], [])
    assert [each.secret for each in declared.rotations] == [
        *("/dev/rds/aurora/master-password", "/dev/rds/aurora/users/*"),
    ]
    assert [each.secret for each in without.rotations] == ["/dev/rds/aurora/master-password"]
