"""Secrets: versions and their staging labels."""

from collections.abc import Callable
from typing import Any

from moto.secretsmanager import exceptions
from moto.secretsmanager.models import FakeSecret

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.registry import patch_classes, patch_operations

_TEST = "secretsmanager/test_secrets"
_CURRENT, _PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"

_NOT_FOUND = (
    exceptions.ResourceNotFoundException,
    exceptions.SecretNotFoundException,
    exceptions.SecretHasNoValueException,
    exceptions.SecretStageVersionMismatchException,
)


@patch_classes(
    moto_behaviour="a missing secret is HTTP 404",
    aws="HTTP 400, like every error of a JSON protocol",
    source="Secrets Manager API reference, GetSecretValue, Errors",
    test=f"{_TEST}::test_a_secret_that_does_not_exist_is_not_found",
)
def return_status_400() -> None:
    """Give moto's exceptions AWS's status."""
    for exception in _NOT_FOUND:
        setattr(exception, "__init__", _with_status_400(exception.__init__))  # noqa: B010


def _with_status_400(made: Callable[..., None]) -> Callable[..., None]:
    def make(self: exceptions.SecretsManagerClientError, *args: object, **kwargs: object) -> None:
        made(self, *args, **kwargs)
        self.code = 400

    return make


@patch_classes(
    moto_behaviour="a new AWSCURRENT removes all other labels from the previous version, which "
    "is found by an internal id; versions without labels stay listed",
    aws="AWSCURRENT moves and AWSPREVIOUS moves to the version that had it; other labels stay; "
    "DescribeSecret lists labeled versions",
    source="Secrets Manager API reference, PutSecretValue and DescribeSecret",
    test=f"{_TEST}::test_a_put_moves_current_and_previous_and_leaves_other_labels",
)
def move_labels() -> None:
    """Replace the two methods of moto's secret that handle labels."""

    def make_current(self: FakeSecret, secret_version: dict[str, Any], version_id: str) -> None:
        _move_current(self, version_id, secret_version["version_stages"])
        self.versions[version_id] = secret_version
        self.set_default_version_id(version_id)

    def labeled(self: FakeSecret) -> dict[str, list[str]]:
        stages = {key: version["version_stages"] for key, version in self.versions.items()}
        return {key: labels for key, labels in stages.items() if labels}

    setattr(FakeSecret, "reset_default_version", make_current)  # noqa: B010 - methods of moto's
    setattr(FakeSecret, "_form_version_ids_to_stages", labeled)  # noqa: B010


def _move_current(secret: FakeSecret, version_id: str, labels: list[str]) -> None:
    """Remove `labels` from every version; move AWSPREVIOUS to the version that had AWSCURRENT."""
    before = holder_of(secret, _CURRENT)
    secret.remove_version_stages_from_old_versions(labels)
    if before not in (None, version_id):
        secret.remove_version_stages_from_old_versions([_PREVIOUS])
        secret.versions[before]["version_stages"].append(_PREVIOUS)


def holder_of(secret: FakeSecret, label: str) -> str | None:
    """Return the id of the version with a label."""
    return next(
        (key for key, version in secret.versions.items() if label in version["version_stages"]),
        None,
    )


def stored_secret(call: Call) -> FakeSecret | None:
    """Return the secret of a request, or None if it does not exist."""
    secret = call.secrets.secrets.get(call.params["SecretId"])
    return secret if isinstance(secret, FakeSecret) else None


@patch_operations(
    "secretsmanager:GetSecretValue",
    moto_behaviour="reading without a label follows an internal id",
    aws="it returns AWSCURRENT; ResourceNotFoundException if no version has that label",
    source="Secrets Manager API reference, GetSecretValue, VersionStage",
    test=f"{_TEST}::test_a_read_without_a_label_follows_awscurrent",
)
def read_current_by_default(call: Call, proceed: Proceed) -> Answer:
    """Point moto's internal id at AWSCURRENT before reading."""
    secret = stored_secret(call)
    if secret is not None:
        secret.set_default_version_id(holder_of(secret, _CURRENT))
    return proceed()


@patch_operations(
    "secretsmanager:CreateSecret",
    moto_behaviour="a name that is scheduled for deletion is ResourceExistsException",
    aws="InvalidRequestException with the reason",
    source="Secrets Manager API reference, CreateSecret, Errors; AWS re:Post quotes the message",
    test=f"{_TEST}::test_a_name_that_is_scheduled_for_deletion_is_rejected_until_it_is_restored",
)
def reject_name_pending_deletion(call: Call, proceed: Proceed) -> Answer:
    """Reject the name of a secret in its recovery window."""
    secret = call.secrets.secrets.get(call.params["Name"])
    if secret is not None and secret.is_deleted():
        reject(
            "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled for "
            "deletion.",
        )
    return proceed()


@patch_operations(
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:RotateSecret",
    "secretsmanager:UpdateSecret",
    "secretsmanager:UpdateSecretVersionStage",
    moto_behaviour="a secret that is scheduled for deletion can be changed, and rotating it fails",
    aws="InvalidRequestException",
    source="Secrets Manager API reference, PutSecretValue, Errors; terraform-provider-aws, "
    "aws_secretsmanager_secret_version (message)",
    test=f"{_TEST}::test_a_name_that_is_scheduled_for_deletion_is_rejected_until_it_is_restored",
)
def reject_use_pending_deletion(call: Call, proceed: Proceed) -> Answer:
    """Reject reads and changes during the recovery window."""
    secret = stored_secret(call)
    if secret is not None and secret.is_deleted():
        reject(
            "InvalidRequestException",
            "You can't perform this operation on the secret because it was marked for deletion.",
        )
    return proceed()


@patch_operations(
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecret",
    moto_behaviour="a pending version's value can be overwritten under the same token; versions "
    "without labels are never removed",
    aws="ResourceExistsException for another value under the same token; versions without "
    "labels are removed in the background after a day at the earliest, here when the next "
    "version is created",
    source="Secrets Manager API reference, PutSecretValue; user guide, What's in a secret, Version",
    test=f"{_TEST}::test_a_version_without_a_label_is_removed_when_the_next_one_is_created",
)
def create_version_once(call: Call, proceed: Proceed) -> Answer:
    """Check the token, then remove versions without labels."""
    secret, params = stored_secret(call), call.params
    names = {"SecretString": "secret_string", "SecretBinary": "secret_binary"}
    sent = {kept: params[name] for name, kept in names.items() if name in params}
    if secret is None or not sent:
        return proceed()
    token = params.get("ClientRequestToken")
    version = secret.versions.get(token) if token else None
    stored = {name: version[name] for name in names.values() if name in version} if version else {}
    if stored and not _same_value(stored, sent):
        reject(
            "ResourceExistsException",
            f"You can't use ClientRequestToken {token} because that value is already in use for a "
            f"version of secret {secret.arn}.",
        )
    if stored:
        return answer(
            {
                "ARN": secret.arn,
                "Name": secret.name,
                "VersionId": token,
                "VersionStages": secret.versions[str(token)]["version_stages"],
            }
        )
    for key in [key for key, old in secret.versions.items() if not old["version_stages"]]:
        del secret.versions[key]
    return proceed()


def _same_value(stored: dict[str, Any], sent: dict[str, Any]) -> bool:
    return all(_text(stored.get(name)) == _text(value) for name, value in sent.items())


def _text(value: str | bytes | None) -> str | None:
    return value.decode() if isinstance(value, bytes) else value


@patch_operations(
    "secretsmanager:UpdateSecretVersionStage",
    moto_behaviour="a label can end up on two versions, and AWSCURRENT can be removed",
    aws="InvalidParameterException unless RemoveFromVersionId is the version with the label; "
    "AWSCURRENT only moves, and AWSPREVIOUS with it",
    source="Secrets Manager API reference, UpdateSecretVersionStage",
    test=f"{_TEST}::test_a_label_moves_only_from_the_version_that_has_it",
)
def move_label(call: Call, proceed: Proceed) -> Answer:
    """Move one label."""
    secret = stored_secret(call)
    if secret is None:
        return proceed()
    label = call.params["VersionStage"]
    source = call.params.get("RemoveFromVersionId")
    target = call.params.get("MoveToVersionId")
    _check_move(secret, label, source, target)
    if target and target != holder_of(secret, label):
        if label == _CURRENT:
            _move_current(secret, target, [_CURRENT])
            _discard(secret.versions[target]["version_stages"], _PREVIOUS)
        else:
            secret.remove_version_stages_from_old_versions([label])
        secret.versions[target]["version_stages"].append(label)
    elif source and not target:
        secret.versions[source]["version_stages"].remove(label)
    return answer({"ARN": secret.arn, "Name": secret.name})


def _check_move(secret: FakeSecret, label: str, source: str | None, target: str | None) -> None:
    holder = holder_of(secret, label)
    for version_id in (source, target):
        if version_id and version_id not in secret.versions:
            code, text = (
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified version",
            )
            reject(code, f"{text} {version_id}.")
    if holder is not None and holder not in (source, target):
        reject(
            "InvalidParameterException",
            f"The parameter RemoveFromVersionId can't be empty. Staging label {label} is currently "
            f"attached to version {holder}, so you must explicitly reference that version in "
            "RemoveFromVersionId.",
        )
    if source and source != holder:
        message = f"Staging label {label} is not attached to version {source}."
        reject("InvalidParameterException", message)
    if label == _CURRENT and not target:
        message = f"You can't remove the staging label {label}; move it to another version."
        reject("InvalidParameterException", message)


def _discard(labels: list[str], label: str) -> None:
    if label in labels:
        labels.remove(label)


@patch_operations(
    "secretsmanager:ListSecretVersionIds",
    moto_behaviour="ARN is the name, and versions without labels are always listed",
    aws="ARN is the ARN; versions without labels are listed with IncludeDeprecated",
    source="Secrets Manager API reference, ListSecretVersionIds",
    test=f"{_TEST}::test_versions_without_a_label_are_listed_on_request_only",
)
def list_versions(call: Call, proceed: Proceed) -> Answer:
    """List the stored versions."""
    secret = stored_secret(call)
    if secret is None:
        message = "Secrets Manager can't find the specified secret."
        reject("ResourceNotFoundException", message)
    del proceed
    versions = [
        {
            "VersionId": key,
            "VersionStages": version["version_stages"],
            "CreatedDate": version["createdate"],
        }
        for key, version in secret.versions.items()
        if version["version_stages"] or call.params.get("IncludeDeprecated")
    ]
    return answer({"ARN": secret.arn, "Name": secret.name, "Versions": versions})
