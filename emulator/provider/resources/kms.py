"""KMS: keys and aliases."""
# ruff: noqa: ARG002 - the signatures are ResourceType's

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection, AwsError
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_json, same_key
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Naming, Property

PENDING_STATES = frozenset({"PendingDeletion", "PendingReplicaDeletion"})

LONGEST_WINDOW_DAYS = 30
"""AWS's default deletion waiting period."""

ALIAS_STEM = "alias/"


class Key(AwsResource):
    """A key; deleting it schedules its deletion, after which it no longer exists for Pulumi."""

    token = "aws:kms/key:Key"  # noqa: S105 - a type's name
    service = "kms"
    operations = Operations(
        identifier="KeyId",
        create="create_key",
        created="KeyMetadata.KeyId",
        describe="describe_key",
        described="KeyMetadata",
    )
    tagging = tagging.KMS
    not_found_codes = frozenset({"NotFoundException"})
    inputs: ClassVar[Mapping[str, Property]] = {
        "bypassPolicyLockoutSafetyCheck": Property(
            "BypassPolicyLockoutSafetyCheck", write_only=True, default=False
        ),
        "customerMasterKeySpec": Property("KeySpec", replaces=True, default="SYMMETRIC_DEFAULT"),
        "deletionWindowInDays": Property(write_only=True),
        "description": Property("Description", computed=True),
        "enableKeyRotation": Property(answer="", default=False),
        "isEnabled": Property(answer="Enabled", default=True),
        "keyUsage": Property("KeyUsage", replaces=True, default="ENCRYPT_DECRYPT"),
        "multiRegion": Property("MultiRegion", replaces=True, computed=True),
        "policy": Property("Policy", "", computed=True, same=same_json),
        "rotationPeriodInDays": Property(answer="", computed=True),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "Arn", "keyId": "KeyId"}

    def finish(self, session: AwsConnection, resource_id: str, inputs: Properties) -> None:
        """Set what CreateKey does not accept."""
        if inputs["enableKeyRotation"]:
            self._rotate(session, resource_id, inputs)
        if not inputs["isEnabled"]:
            session.call("kms", "disable_key", KeyId=resource_id)

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Change each setting by its own call."""
        if "isEnabled" in changed and inputs["isEnabled"]:
            session.call("kms", "enable_key", KeyId=resource_id)
        if changed & {"enableKeyRotation", "rotationPeriodInDays"}:
            self._rotate(session, resource_id, inputs)
        if "description" in changed:
            session.call(
                "kms",
                "update_key_description",
                KeyId=resource_id,
                Description=inputs["description"],
            )
        if "policy" in changed:
            session.call(
                "kms",
                "put_key_policy",
                KeyId=resource_id,
                PolicyName="default",
                Policy=inputs["policy"],
                BypassPolicyLockoutSafetyCheck=inputs["bypassPolicyLockoutSafetyCheck"],
            )
        if "isEnabled" in changed and not inputs["isEnabled"]:
            session.call("kms", "disable_key", KeyId=resource_id)

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Schedule the deletion."""
        found = None
        try:
            found = self.describe(session, resource_id)
        except AwsError as error:
            if error.code not in self.not_found_codes:
                raise
        if found is not None:
            session.call(
                "kms",
                "schedule_key_deletion",
                KeyId=resource_id,
                PendingWindowInDays=state.get("deletionWindowInDays") or LONGEST_WINDOW_DAYS,
            )

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return the description, or None if deletion is scheduled."""
        found = super().describe(session, resource_id)
        return None if found is None or found.get("KeyState") in PENDING_STATES else found

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Read the policy and the rotation."""
        key = state["id"]
        policy = session.call("kms", "get_key_policy", KeyId=key, PolicyName="default")
        rotation = session.call("kms", "get_key_rotation_status", KeyId=key)
        return {
            "policy": policy["Policy"],
            "enableKeyRotation": rotation["KeyRotationEnabled"],
            "rotationPeriodInDays": rotation.get("RotationPeriodInDays"),
        }

    def _rotate(self, session: AwsConnection, resource_id: str, inputs: Properties) -> None:
        if inputs["enableKeyRotation"]:
            session.call(
                "kms",
                "enable_key_rotation",
                KeyId=resource_id,
                RotationPeriodInDays=inputs.get("rotationPeriodInDays"),
            )
        else:
            session.call("kms", "disable_key_rotation", KeyId=resource_id)


class Alias(AwsResource):
    """An alias of a key."""

    token = "aws:kms/alias:Alias"  # noqa: S105 - a type's name
    service = "kms"
    operations = Operations(
        identifier="AliasName",
        create="create_alias",
        update="update_alias",
        delete="delete_alias",
    )
    not_found_codes = frozenset({"NotFoundException"})
    naming = Naming("name", "namePrefix", stem=ALIAS_STEM)
    inputs: ClassVar[Mapping[str, Property]] = {
        "name": Property("AliasName", replaces=True),
        "namePrefix": Property(replaces=True, write_only=True),
        "targetKeyId": Property("TargetKeyId", required=True, same=same_key),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "AliasArn", "targetKeyArn": ""}

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return the alias by its name."""
        return find_alias(session, resource_id)

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Compose the key's ARN from the alias's ARN, as the official provider does."""
        return {"targetKeyArn": target_arn(description)}


def find_alias(session: AwsConnection, name: str) -> Properties | None:
    """Return an alias by its name, or None."""
    found = session.pages("kms", "list_aliases", "Aliases")
    return next((one for one in found if one["AliasName"] == name), None)


def target_arn(alias: Properties) -> str:
    """Return the ARN of an alias's key."""
    account = alias["AliasArn"].rpartition(":")[0]
    return f"{account}:key/{alias['TargetKeyId']}"
