from typing import Any

import pytest

from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

_NOT_FOUND = "ResourceNotFoundException"
_FIRST, _SECOND, _THIRD = (f"{number}" * 32 for number in (1, 2, 3))


@pytest.fixture
def secret(secrets: Any, name: str) -> dict[str, str]:
    """Return the member that names a new secret, whose first version is current."""
    secrets.create_secret(Name=name, SecretString="one", ClientRequestToken=_FIRST)
    return {"SecretId": name}


def _put(secrets: Any, secret: dict[str, str], token: str, value: str, *labels: str) -> None:
    members = {"VersionStages": list(labels)} if labels else {}
    secrets.put_secret_value(**secret, ClientRequestToken=token, SecretString=value, **members)


def _labels(secrets: Any, secret: dict[str, str]) -> dict[str, list[str]]:
    versions = secrets.describe_secret(**secret)["VersionIdsToStages"]
    return {version: sorted(labels) for version, labels in versions.items()}


def _read(secrets: Any, secret: dict[str, str], **members: str) -> str:
    return secrets.get_secret_value(**secret, **members)["SecretString"]


def _move(secrets: Any, secret: dict[str, str], label: str, **versions: str) -> None:
    secrets.update_secret_version_stage(**secret, VersionStage=label, **versions)


@pytest.mark.parametrize("members", [{}, {"VersionStage": "AWSPENDING"}])
def test_a_secret_that_does_not_exist_is_not_found(
    secrets: Any, name: str, members: dict[str, str]
) -> None:
    answered = rejection(secrets.get_secret_value, SecretId=name, **members)
    assert answered == Rejection(
        _NOT_FOUND, "Secrets Manager can't find the specified secret.", 400
    )


def test_a_secret_without_a_value_is_not_found(secrets: Any, name: str) -> None:
    secrets.create_secret(Name=name)
    assert rejection(secrets.get_secret_value, SecretId=name) == Rejection(
        _NOT_FOUND,
        "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
        400,
    )


def test_a_version_that_does_not_exist_is_not_found(secrets: Any, secret: dict[str, str]) -> None:
    for members in ({"VersionStage": "AWSPENDING"}, {"VersionId": _SECOND}):
        answered = rejection(secrets.get_secret_value, **secret, **members)
        assert (answered.code, answered.status) == (_NOT_FOUND, 400)


def test_a_put_moves_current_and_previous_and_leaves_other_labels(
    secrets: Any, secret: dict[str, str]
) -> None:
    _move(secrets, secret, "blue", MoveToVersionId=_FIRST)
    _put(secrets, secret, _SECOND, "two")
    assert _labels(secrets, secret) == {
        _FIRST: ["AWSPREVIOUS", "blue"],
        _SECOND: ["AWSCURRENT"],
    }
    _put(secrets, secret, _THIRD, "three")
    assert _labels(secrets, secret) == {
        _FIRST: ["blue"],
        _SECOND: ["AWSPREVIOUS"],
        _THIRD: ["AWSCURRENT"],
    }
    assert _read(secrets, secret, VersionStage="blue") == "one"
    assert _read(secrets, secret, VersionStage="AWSPREVIOUS") == "two"


def test_a_put_with_a_label_moves_it_from_the_previous_version(
    secrets: Any, secret: dict[str, str]
) -> None:
    _put(secrets, secret, _SECOND, "two", "AWSPENDING")
    _put(secrets, secret, _THIRD, "three", "AWSPENDING", "blue")
    assert _labels(secrets, secret) == {
        _FIRST: ["AWSCURRENT"],
        _THIRD: ["AWSPENDING", "blue"],
    }


def test_a_put_after_a_promotion_leaves_one_current_version(
    secrets: Any, secret: dict[str, str]
) -> None:
    _put(secrets, secret, _SECOND, "two", "AWSPENDING")
    _move(secrets, secret, "AWSCURRENT", MoveToVersionId=_SECOND, RemoveFromVersionId=_FIRST)
    _put(secrets, secret, _THIRD, "three")
    assert _labels(secrets, secret) == {
        _SECOND: ["AWSPENDING", "AWSPREVIOUS"],
        _THIRD: ["AWSCURRENT"],
    }


def test_a_read_without_a_label_follows_awscurrent(secrets: Any, secret: dict[str, str]) -> None:
    _put(secrets, secret, _SECOND, "two", "AWSPENDING")
    assert _read(secrets, secret) == "one"
    _move(secrets, secret, "AWSCURRENT", MoveToVersionId=_SECOND, RemoveFromVersionId=_FIRST)
    assert _read(secrets, secret) == "two"
    assert _read(secrets, secret, VersionStage="AWSPREVIOUS") == "one"
    assert _labels(secrets, secret) == {
        _FIRST: ["AWSPREVIOUS"],
        _SECOND: ["AWSCURRENT", "AWSPENDING"],
    }
    _move(secrets, secret, "AWSCURRENT", MoveToVersionId=_FIRST, RemoveFromVersionId=_SECOND)
    assert _read(secrets, secret) == "one"
    assert _labels(secrets, secret) == {
        _FIRST: ["AWSCURRENT"],
        _SECOND: ["AWSPENDING", "AWSPREVIOUS"],
    }


def test_a_first_value_is_current_whatever_its_labels(secrets: Any, name: str) -> None:
    secrets.create_secret(Name=name)
    _put(secrets, {"SecretId": name}, _FIRST, "one", "AWSPENDING")
    assert _labels(secrets, {"SecretId": name}) == {_FIRST: ["AWSCURRENT", "AWSPENDING"]}
    assert _read(secrets, {"SecretId": name}) == "one"


def test_a_name_that_is_scheduled_for_deletion_is_rejected_until_it_is_restored(
    secrets: Any, name: str, secret: dict[str, str]
) -> None:
    secrets.delete_secret(**secret, RecoveryWindowInDays=7)
    assert rejection(secrets.create_secret, Name=name, SecretString="new") == Rejection(
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for "
        "deletion.",
    )
    marked = Rejection(
        "InvalidRequestException",
        "You can't perform this operation on the secret because it was marked for deletion.",
    )
    move = {"VersionStage": "blue", "MoveToVersionId": _FIRST}
    assert rejection(secrets.get_secret_value, **secret) == marked
    assert rejection(secrets.put_secret_value, **secret, SecretString="new") == marked
    assert rejection(secrets.update_secret, **secret, SecretString="new") == marked
    assert rejection(secrets.update_secret_version_stage, **secret, **move) == marked
    secrets.restore_secret(**secret)
    assert _read(secrets, secret) == "one"
    assert rejection(secrets.create_secret, Name=name).code == "ResourceExistsException"
    secrets.delete_secret(**secret, ForceDeleteWithoutRecovery=True)
    secrets.create_secret(Name=name, SecretString="new")
    assert _read(secrets, secret) == "new"


@pytest.mark.parametrize("operation", ["put_secret_value", "update_secret"])
def test_a_version_without_a_label_is_removed_when_the_next_one_is_created(
    secrets: Any, secret: dict[str, str], operation: str
) -> None:
    call = getattr(secrets, operation)
    for token in (_SECOND, _THIRD):
        call(**secret, ClientRequestToken=token, SecretString=token)
    assert _labels(secrets, secret) == {_SECOND: ["AWSPREVIOUS"], _THIRD: ["AWSCURRENT"]}
    call(**secret, ClientRequestToken="4" * 32, SecretString="four")
    rejected = rejection(secrets.get_secret_value, **secret, VersionId=_FIRST)
    assert (rejected.code, rejected.status) == (_NOT_FOUND, 400)
    versions = secrets.list_secret_version_ids(**secret, IncludeDeprecated=True)["Versions"]
    assert _FIRST not in {version["VersionId"] for version in versions}


def test_a_token_makes_one_version(secrets: Any, secret: dict[str, str]) -> None:
    arn = secrets.describe_secret(**secret)["ARN"]
    _put(secrets, secret, _SECOND, "two", "AWSPENDING")
    _put(secrets, secret, _SECOND, "two", "AWSPENDING")
    request = {**secret, "ClientRequestToken": _SECOND}
    used = Rejection(
        "ResourceExistsException",
        f"You can't use ClientRequestToken {_SECOND} because that value is already in use for a "
        f"version of secret {arn}.",
    )
    assert rejection(secrets.put_secret_value, **request, SecretString="other") == used
    assert rejection(secrets.put_secret_value, **request, SecretBinary=b"two") == used
    assert rejection(secrets.update_secret, **request, SecretString="other") == used
    assert _read(secrets, secret, VersionStage="AWSPENDING") == "two"
    assert _labels(secrets, secret) == {_FIRST: ["AWSCURRENT"], _SECOND: ["AWSPENDING"]}


def _not_named(label: str, version: str) -> tuple[str, str]:
    return (
        "InvalidParameterException",
        f"The parameter RemoveFromVersionId can't be empty. Staging label {label} is currently "
        f"attached to version {version}, so you must explicitly reference that version in "
        "RemoveFromVersionId.",
    )


@pytest.mark.parametrize(
    ("label", "versions", "rejected"),
    [
        ("AWSCURRENT", {"MoveToVersionId": _SECOND}, _not_named("AWSCURRENT", _FIRST)),
        ("AWSPENDING", {"MoveToVersionId": _FIRST}, _not_named("AWSPENDING", _SECOND)),
        (
            "AWSPENDING",
            {"MoveToVersionId": _FIRST, "RemoveFromVersionId": _THIRD},
            (_NOT_FOUND, f"Secrets Manager can't find the specified version {_THIRD}."),
        ),
        (
            "AWSPENDING",
            {"MoveToVersionId": _THIRD, "RemoveFromVersionId": _SECOND},
            (_NOT_FOUND, f"Secrets Manager can't find the specified version {_THIRD}."),
        ),
        (
            "blue",
            {"RemoveFromVersionId": _SECOND},
            (
                "InvalidParameterException",
                f"Staging label blue is not attached to version {_SECOND}.",
            ),
        ),
        (
            "AWSCURRENT",
            {"RemoveFromVersionId": _FIRST},
            (
                "InvalidParameterException",
                "You can't remove the staging label AWSCURRENT; move it to another version.",
            ),
        ),
    ],
)
def test_a_label_moves_only_from_the_version_that_has_it(
    secrets: Any,
    secret: dict[str, str],
    label: str,
    versions: dict[str, str],
    rejected: tuple[str, str],
) -> None:
    _put(secrets, secret, _SECOND, "two", "AWSPENDING")
    answered = rejection(
        secrets.update_secret_version_stage, **secret, VersionStage=label, **versions
    )
    assert answered == Rejection(*rejected)
    assert _labels(secrets, secret) == {_FIRST: ["AWSCURRENT"], _SECOND: ["AWSPENDING"]}


def test_a_label_is_moved_and_removed(secrets: Any, secret: dict[str, str]) -> None:
    _put(secrets, secret, _SECOND, "two", "AWSPENDING")
    _move(secrets, secret, "blue", MoveToVersionId=_SECOND)
    _move(secrets, secret, "blue", MoveToVersionId=_FIRST, RemoveFromVersionId=_SECOND)
    _move(secrets, secret, "AWSPENDING", RemoveFromVersionId=_SECOND)
    assert _labels(secrets, secret) == {_FIRST: ["AWSCURRENT", "blue"]}


def test_a_promotion_can_be_repeated(secrets: Any, secret: dict[str, str]) -> None:
    _put(secrets, secret, _SECOND, "two")
    before = _labels(secrets, secret)
    _move(secrets, secret, "AWSCURRENT", MoveToVersionId=_SECOND)
    assert _labels(secrets, secret) == before


def test_versions_without_a_label_are_listed_on_request_only(
    secrets: Any, secret: dict[str, str]
) -> None:
    arn = secrets.describe_secret(**secret)["ARN"]
    for token in (_SECOND, _THIRD):
        _put(secrets, secret, token, token)
    listed = secrets.list_secret_version_ids(**secret)
    assert (listed["ARN"], listed["Name"]) == (arn, secret["SecretId"])
    assert {version["VersionId"] for version in listed["Versions"]} == {_SECOND, _THIRD}
    every = secrets.list_secret_version_ids(**secret, IncludeDeprecated=True)["Versions"]
    unlabelled = [item["VersionId"] for item in every if not item["VersionStages"]]
    assert (len(every), unlabelled) == (3, [_FIRST])


@pytest.mark.parametrize(
    "operation", ["list_secret_version_ids", "describe_secret", "put_secret_value"]
)
def test_a_missing_secret_is_not_found(secrets: Any, name: str, operation: str) -> None:
    members = {"SecretString": "one"} if operation.startswith("put") else {}
    answered = rejection(getattr(secrets, operation), SecretId=name, **members)
    assert answered == Rejection(_NOT_FOUND, "Secrets Manager can't find the specified secret.")
