"""Secrets Manager: secrets, their versions and their rotation."""
# ruff: noqa: ARG002 - the signatures are ResourceType's

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations, capitalized, uncapitalized
from emulator.provider.protocol.comparisons import never_differs, same_json, same_members
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Created, Naming, Property

CURRENT = "AWSCURRENT"
PREVIOUS = "AWSPREVIOUS"

NOT_FOUND_CODES = frozenset({"ResourceNotFoundException"})


class Secret(AwsResource):
    """A secret without its value."""

    token = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type's name
    service = "secretsmanager"
    operations = Operations(
        identifier="SecretId",
        create="create_secret",
        created="ARN",
        describe="describe_secret",
        update="update_secret",
    )
    tagging = tagging.SECRETS_MANAGER
    not_found_codes = NOT_FOUND_CODES
    naming = Naming("name", "namePrefix")
    inputs: ClassVar[Mapping[str, Property]] = {
        "description": Property("Description", empty=""),
        "forceOverwriteReplicaSecret": Property(write_only=True, default=False),
        "kmsKeyId": Property("KmsKeyId", empty=""),
        "name": Property("Name", replaces=True),
        "namePrefix": Property(replaces=True, write_only=True),
        "policy": Property(answer="", computed=True, same=same_json),
        "recoveryWindowInDays": Property(write_only=True, default=30),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "ARN"}

    def finish(self, session: AwsConnection, resource_id: str, inputs: Properties) -> None:
        """Set the policy, which CreateSecret does not accept."""
        if inputs.get("policy"):
            session.call(
                "secretsmanager",
                "put_resource_policy",
                SecretId=resource_id,
                ResourcePolicy=inputs["policy"],
            )

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Change settings, then the policy."""
        super().change(session, resource_id, inputs, changed)
        if "policy" in changed:
            self.finish(session, resource_id, inputs)

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Delete the secret with its recovery window; 0 days deletes it without recovery."""
        days = state.get("recoveryWindowInDays", 30)
        window: Properties = (
            {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
        )
        self.ignore_not_found(
            lambda: session.call("secretsmanager", "delete_secret", SecretId=resource_id, **window)
        )

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return the description, or None if deletion is scheduled."""
        found = super().describe(session, resource_id)
        return None if found is None or found.get("DeletedDate") else found

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Read the policy."""
        found = session.call("secretsmanager", "get_resource_policy", SecretId=state["id"])
        return {"policy": found.get("ResourcePolicy")}


class SecretVersion(AwsResource):
    """A version of a secret's value; its id is `secret ARN|version id`.

    AWS removes a version without labels, so such a version counts as deleted. Changing the
    content makes another version.
    """

    token = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105 - a type's name
    service = "secretsmanager"
    operations = Operations(identifier="", create="put_secret_value")
    not_found_codes = frozenset({*NOT_FOUND_CODES, "InvalidRequestException"})
    secrets = frozenset({"secretBinary", "secretString", "secretStringWo"})
    inputs: ClassVar[Mapping[str, Property]] = {
        "secretId": Property("SecretId", "ARN", replaces=True, required=True),
        "secretString": Property("SecretString", replaces=True),
        "secretStringWo": Property(write_only=True, same=never_differs),
        "secretStringWoVersion": Property(write_only=True, replaces=True),
        "versionStages": Property("VersionStages", computed=True, same=same_members),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {
        "arn": "ARN",
        "hasSecretStringWo": "",
        "secretArn": "ARN",
        "versionId": "VersionId",
    }

    def create(self, session: AwsConnection, inputs: Properties) -> Created:
        """Put the value."""
        request = self.creation(session, inputs)
        if inputs.get("secretStringWo"):
            request["SecretString"] = inputs["secretStringWo"]
        answer = session.call("secretsmanager", "put_secret_value", **request)
        return Created(f"{answer['ARN']}|{answer['VersionId']}")

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return the version, or None if it has no labels."""
        secret, _, version = resource_id.rpartition("|")
        found = session.call(
            "secretsmanager", "get_secret_value", SecretId=secret, VersionId=version
        )
        return found if found.get("VersionStages") else None

    def read(
        self, session: AwsConnection, resource_id: str, known: Properties
    ) -> Properties | None:
        """Read the version, without a value that the program wrote as write-only."""
        state = super().read(session, resource_id, known)
        if state is not None:
            state["hasSecretStringWo"] = bool(known.get("secretStringWo"))
            if state["hasSecretStringWo"]:
                state.pop("secretString", None)
        return state

    def update(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
        state: Properties,
    ) -> Properties:
        """Add the new labels to this version, then remove those that the program dropped.

        As with the official provider, only AWSCURRENT is taken from another version.
        """
        if "versionStages" in changed:
            old, new = set(state.get("versionStages") or []), set(inputs["versionStages"])
            for stage in sorted(new - old):
                self._label(session, resource_id, stage)
            # With AWSCURRENT, AWS has moved this label to the version that lost it.
            moved = {PREVIOUS} if CURRENT in new - old else set[str]()
            self._unlabel(session, resource_id, sorted(old - new - moved))
        return {}

    def _label(self, session: AwsConnection, resource_id: str, stage: str) -> None:
        secret, _, version = resource_id.rpartition("|")
        holder = None
        if stage == CURRENT:
            versions: list[Properties] = session.pages(
                "secretsmanager", "list_secret_version_ids", "Versions", SecretId=secret
            )
            holder = next(
                each["VersionId"] for each in versions if CURRENT in each["VersionStages"]
            )
        session.call(
            "secretsmanager",
            "update_secret_version_stage",
            SecretId=secret,
            VersionStage=stage,
            MoveToVersionId=version,
            RemoveFromVersionId=holder,
        )

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Remove the labels of the state, so that AWS removes the version.

        As with the official provider it fails if another version has one of them by now.
        """
        self.ignore_not_found(
            lambda: self._unlabel(session, resource_id, state.get("versionStages") or [])
        )

    def _unlabel(self, session: AwsConnection, resource_id: str, stages: list[str]) -> None:
        secret, _, version = resource_id.rpartition("|")
        for stage in stages:
            # AWS moves this label only to another version.
            if stage != CURRENT:
                session.call(
                    "secretsmanager",
                    "update_secret_version_stage",
                    SecretId=secret,
                    VersionStage=stage,
                    RemoveFromVersionId=version,
                )


class SecretRotation(AwsResource):
    """A secret's rotation; its id is the secret's ARN.

    AWS rotates asynchronously: creation ends before the secret is rotated.
    """

    token = "aws:secretsmanager/secretRotation:SecretRotation"  # noqa: S105 - a type's name
    service = "secretsmanager"
    operations = Operations(
        identifier="SecretId",
        create="rotate_secret",
        created="ARN",
        describe="describe_secret",
        delete="cancel_rotate_secret",
    )
    not_found_codes = NOT_FOUND_CODES
    inputs: ClassVar[Mapping[str, Property]] = {
        "rotateImmediately": Property("RotateImmediately", write_only=True, default=True),
        "rotationLambdaArn": Property("RotationLambdaARN"),
        "rotationRules": Property("RotationRules", to_aws=capitalized, from_aws=uncapitalized),
        "secretId": Property("SecretId", "ARN", replaces=True, required=True),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {"rotationEnabled": "RotationEnabled"}

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Configure rotation again, which rotates at once unless `rotateImmediately` is false."""
        if changed - {"rotateImmediately"}:
            session.call("secretsmanager", "rotate_secret", **self.creation(session, inputs))

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return the secret's description; a canceled rotation has no function and no rules."""
        found = super().describe(session, resource_id)
        if found is None or found.get("RotationEnabled"):
            return found
        hidden = {"RotationLambdaARN", "RotationRules"}
        return {key: value for key, value in found.items() if key not in hidden}
