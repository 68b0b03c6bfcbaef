"""Values of a database secret."""

import dataclasses
import json

import pytest

from components.database_functions.credential import Credential
from components.database_functions.errors import SecretFormatError

CONTENT: dict[str, object] = {
    "engine": "postgres",
    "host": "Writer.example.com",
    "username": "platform",
    "password": "secret-of-test",
}


def parse(**changes: object) -> Credential:
    content = {key: value for key, value in {**CONTENT, **changes}.items() if value != "removed"}
    return Credential.parse(json.dumps(content), "the test")


def test_port_and_database_have_defaults() -> None:
    credential = parse()
    assert (credential.port, credential.database) == (5432, "postgres")
    assert credential.endpoint == ("writer.example.com", 5432)


@pytest.mark.parametrize("port", [6432, "6432"])
def test_a_port_is_a_number_or_its_text(port: object) -> None:
    credential = parse(port=port, dbname="trials", engine="aurora-postgresql")
    assert (credential.port, credential.database) == (6432, "trials")


@pytest.mark.parametrize(
    ("changes", "issues"),
    [
        ({"host": "removed"}, "host must be a string"),
        ({"username": " "}, "username must be a string"),
        ({"password": 7}, "password must be a string"),
        ({"dbname": None}, "dbname must be a string"),
        ({"engine": "mysql"}, "engine must be postgres or aurora-postgresql"),
        ({"port": True}, "port must be a number"),
        ({"port": "-1"}, "port must be a number"),
        ({"port": 1.5}, "port must be a number"),
        ({"host": "", "port": "x"}, "host must be a string, port must be a number"),
    ],
)
def test_every_issue_of_a_value_is_reported(changes: dict[str, object], issues: str) -> None:
    with pytest.raises(SecretFormatError) as raised:
        parse(**changes)
    assert str(raised.value) == f"the test is not a database secret: {issues}"


@pytest.mark.parametrize("text", ["", "secret-of-test", "[]", '"secret-of-test"', "null"])
def test_a_value_that_is_not_an_object_is_not_quoted(text: str) -> None:
    with pytest.raises(SecretFormatError) as raised:
        Credential.parse(text, "the test")
    assert str(raised.value) == (
        "the test is not a JSON object; store engine, host, username and password"
    )
    assert raised.value.__suppress_context__


def test_a_new_login_keeps_unknown_keys() -> None:
    changed = parse(port=6432, dbname="trials", team="data").with_login("clone", "other")
    assert changed == Credential(
        "Writer.example.com", 6432, "trials", "clone", "other", changed.content
    )
    assert json.loads(changed.dump()) == {
        **CONTENT,
        "port": 6432,
        "dbname": "trials",
        "team": "data",
        "username": "clone",
        "password": "other",
    }


def test_copies_of_the_password_are_found_by_path() -> None:
    assert parse().password_copies() == []
    assert parse(
        url="postgresql://platform:secret-of-test@host",
        nested={"list": ["no", {"deep": "secret-of-test"}], "number": 7},
    ).password_copies() == ["url", "nested.list[1].deep"]


def test_the_representation_shows_neither_password_nor_content() -> None:
    credential = parse(token="another-secret")
    assert repr(credential) == (
        "Credential(host='Writer.example.com', port=5432, database='postgres', username='platform')"
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        credential.port = 1  # pyright: ignore[reportAttributeAccessIssue]
