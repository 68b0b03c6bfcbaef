"""The declaration that a deployment sends, and the settings of the function that receives it."""

from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from components.database_functions.errors import EventError, SettingsError
from components.database_functions.setup.declaration import (
    Declaration,
    DeclaredDatabase,
    DeclaredUser,
)
from components.database_functions.setup.settings import SetupSettings

ARN = "arn:aws:secretsmanager:us-east-2:123456789012:secret:master"
TRIALS = {"schemas": ["app"], "extensions": ["pgcrypto"]}
WEB = {
    "authentication": "iam",
    "access": "readwrite",
    "databases": ["trials"],
    "settings": {"lock_timeout": "10s"},
}


def test_databases_and_users_are_sorted_by_name() -> None:
    billing = {"schemas": ["public"], "extensions": []}
    jobs = {**WEB, "authentication": "password", "databases": ["trials", "billing"]}
    declaration = Declaration.parse(
        {"databases": {"trials": TRIALS, "billing": billing}, "users": {"web": WEB, "jobs": jobs}}
    )
    web = DeclaredUser("web", "iam", "readwrite", ["trials"], {"lock_timeout": "10s"})
    assert declaration == Declaration(
        [
            DeclaredDatabase("billing", ["public"], []),
            DeclaredDatabase("trials", ["app"], ["pgcrypto"]),
        ],
        [
            DeclaredUser(
                "jobs", "password", "readwrite", ["trials", "billing"], {"lock_timeout": "10s"}
            ),
            web,
        ],
    )
    assert declaration.databases_of(web) == [declaration.databases[1]]


def test_every_database_has_a_group_role_for_each_access_level() -> None:
    database = DeclaredDatabase("trials", ["app"], [])
    assert database.groups == ["trials_owner", "trials_readwrite", "trials_readonly"]


@pytest.mark.parametrize(
    ("authentication", "logins"), [("iam", ["web"]), ("password", ["web", "web_clone"])]
)
def test_a_user_with_a_password_also_logs_in_as_its_clone(
    authentication: str, logins: list[str]
) -> None:
    assert DeclaredUser("web", authentication, "readonly", [], {}).logins == logins


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (None, "TypeError: 'NoneType' object is not subscriptable"),
        ({"databases": {}}, "KeyError: 'users'"),
        ({"databases": []}, "AttributeError: 'list' object has no attribute 'items'"),
        (
            {"databases": {}, "users": {"web": {**WEB, "settings": ["x"]}}},
            "ValueError: dictionary update sequence element #0 has length 1; 2 is required",
        ),
    ],
)
def test_an_event_without_a_declaration_is_rejected(document: object, reason: str) -> None:
    with pytest.raises(EventError) as error:
        Declaration.parse(document)
    assert str(error.value) == f"the event has no valid declaration: {reason}"


@pytest.mark.parametrize(
    "received",
    [
        DeclaredDatabase("trials", [], []),
        DeclaredUser("web", "iam", "readonly", [], {}),
        Declaration([], []),
        SetupSettings(master_secret_arn=ARN),
    ],
)
def test_what_the_function_receives_is_never_changed(received: Any) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(received, fields(received)[0].name, "changed")


def test_the_function_reads_the_master_secret_from_its_environment() -> None:
    assert SetupSettings.from_environment({"MASTER_SECRET_ARN": ARN}) == SetupSettings(
        master_secret_arn=ARN,
        connect_limit=90,
        statement_limit=120,
        login_limit=90,
        lock_limit=300,
    )


@pytest.mark.parametrize(
    ("environment", "value"), [({}, "''"), ({"MASTER_SECRET_ARN": "master"}, "'master'")]
)
def test_a_missing_master_secret_is_rejected(environment: dict[str, str], value: str) -> None:
    with pytest.raises(SettingsError) as error:
        SetupSettings.from_environment(environment)
    assert str(error.value) == f"MASTER_SECRET_ARN is {value}, allowed: an ARN"
