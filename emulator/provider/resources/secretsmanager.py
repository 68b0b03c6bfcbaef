"""Secrets Manager: secrets and their versions."""
# ruff: noqa: ARG002 - the verbs' signatures are ResourceType's

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import (
    REGION,
    TAGS,
    AwsResource,
    Operations,
    capitalised,
    uncapitalised,
)
from emulator.provider.properties import Properties
from emulator.provider.resource_type import (
    Created,
    Naming,
    Property,
    never_differs,
    same_json,
    same_members,
)

CURRENT = "AWSCURRENT"

GONE_CODES = frozenset({"ResourceNotFoundException"})


class Secret(AwsResource):
    """A secret, without content."""

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
    gone_codes = GONE_CODES
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
        """Set the policy, which creation does not take."""
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
        """Delete, leaving the recovery window; 0 days means for good."""
        days = state.get("recoveryWindowInDays", 30)
        window: Properties = (
            {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
        )
        self.unless_gone(
            lambda: session.call("secretsmanager", "delete_secret", SecretId=resource_id, **window)
        )

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Describe; a secret that waits for its deletion is gone."""
        found = super().describe(session, resource_id)
        return None if found is None or found.get("DeletedDate") else found

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Read the policy."""
        found = session.call("secretsmanager", "get_resource_policy", SecretId=state["id"])
        return {"policy": found.get("ResourcePolicy")}


class SecretVersion(AwsResource):
    """A version of a secret's content; its id is `secret ARN|version id`.

    AWS removes a version that has lost all its labels, so such a version is gone. Changing the
    content makes another version.
    """

    token = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105 - a type's name
    service = "secretsmanager"
    operations = Operations(identifier="", create="put_secret_value")
    gone_codes = frozenset({*GONE_CODES, "InvalidRequestException"})
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
        """Put the content."""
        request = self.creation(session, inputs)
        if inputs.get("secretStringWo"):
            request["SecretString"] = inputs["secretStringWo"]
        answer = session.call("secretsmanager", "put_secret_value", **request)
        return Created(f"{answer['ARN']}|{answer['VersionId']}")

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Read the version; without labels it is gone."""
        secret, _, version = resource_id.rpartition("|")
        found = session.call(
            "secretsmanager", "get_secret_value", SecretId=secret, VersionId=version
        )
        return found if found.get("VersionStages") else None

    def read(
        self, session: AwsConnection, resource_id: str, known: Properties
    ) -> Properties | None:
        """Read, but not what the program wrote as write-only."""
        state = super().read(session, resource_id, known)
        if state is not None:
            state["hasSecretStringWo"] = bool(known.get("secretStringWo"))
            if state["hasSecretStringWo"]:
                state.pop("secretString", None)
        return state

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Move labels onto this version and away from it."""
        if "versionStages" not in changed:
            return
        secret, _, version = resource_id.rpartition("|")
        described = session.call("secretsmanager", "describe_secret", SecretId=secret)
        holders: dict[str, str] = {
            stage: holder
            for holder, stages in described["VersionIdsToStages"].items()
            for stage in stages
        }
        wanted: list[str] = inputs["versionStages"]
        for stage in wanted:
            holder = holders.get(stage)
            if holder != version:
                session.call(
                    "secretsmanager",
                    "update_secret_version_stage",
                    SecretId=secret,
                    VersionStage=stage,
                    MoveToVersionId=version,
                    RemoveFromVersionId=holder,
                )
        dropped = [
            stage for stage, holder in holders.items() if holder == version and stage not in wanted
        ]
        self._unlabel(session, resource_id, dropped)

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Take the labels away, so that AWS removes the version."""
        self.unless_gone(
            lambda: self._unlabel(session, resource_id, state.get("versionStages") or [])
        )

    def _unlabel(self, session: AwsConnection, resource_id: str, stages: list[str]) -> None:
        secret, _, version = resource_id.rpartition("|")
        for stage in stages:
            # AWS moves this label only together with another version's promotion.
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

    AWS rotates asynchronously: creation is over before the secret is rotated.
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
    gone_codes = GONE_CODES
    inputs: ClassVar[Mapping[str, Property]] = {
        "rotateImmediately": Property("RotateImmediately", write_only=True, default=True),
        "rotationLambdaArn": Property("RotationLambdaARN"),
        "rotationRules": Property("RotationRules", to_aws=capitalised, from_aws=uncapitalised),
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
        """Set it up again, which rotates unless the program says otherwise."""
        if changed - {"rotateImmediately"}:
            session.call("secretsmanager", "rotate_secret", **self.creation(session, inputs))

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Describe the secret; a cancelled rotation has neither a function nor rules."""
        found = super().describe(session, resource_id)
        if found is None or found.get("RotationEnabled"):
            return found
        hidden = {"RotationLambdaARN", "RotationRules"}
        return {key: value for key, value in found.items() if key not in hidden}
