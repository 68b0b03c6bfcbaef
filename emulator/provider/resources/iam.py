"""IAM: roles, policies and their attachments.

Policies inside a role (`inlinePolicies`, `managedPolicyArns`) are not supported;
Check rejects them.
"""
# ruff: noqa: ARG002 - the signatures are ResourceType's

import json
from collections.abc import Mapping
from typing import ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import TAGS, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_json
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Created, Naming, Property

NOT_FOUND_CODES = frozenset({"NoSuchEntity"})

SETTINGS: Mapping[str, str] = {
    "update_role_description": "description",
    "update_role": "maxSessionDuration",
}
"""The operation that changes a setting of a role."""

POLICY_VERSIONS = 5
"""Maximum number of versions of a policy."""


class Role(AwsResource):
    """A role."""

    token = "aws:iam/role:Role"  # noqa: S105 - a type's name
    service = "iam"
    operations = Operations(
        identifier="RoleName",
        create="create_role",
        created="Role.RoleName",
        describe="get_role",
        described="Role",
        delete="delete_role",
    )
    tagging = tagging.IAM_ROLE
    not_found_codes = NOT_FOUND_CODES
    naming = Naming("name", "namePrefix")
    inputs: ClassVar[Mapping[str, Property]] = {
        "assumeRolePolicy": Property(
            "AssumeRolePolicyDocument", required=True, same=same_json, from_aws=json.dumps
        ),
        "description": Property("Description", empty=""),
        "forceDetachPolicies": Property(write_only=True, default=False),
        "maxSessionDuration": Property("MaxSessionDuration", default=3600),
        "name": Property("RoleName", replaces=True),
        "namePrefix": Property(replaces=True, write_only=True),
        "path": Property("Path", replaces=True, default="/"),
        "permissionsBoundary": Property(
            "PermissionsBoundary", "PermissionsBoundary.PermissionsBoundaryArn", empty=""
        ),
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {
        "arn": "Arn",
        "createDate": "CreateDate",
        "uniqueId": "RoleId",
    }

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Change each setting by its own call."""
        for operation, setting in SETTINGS.items():
            if setting in changed:
                request = self.request(inputs, frozenset({setting}))
                session.call("iam", operation, RoleName=resource_id, **request)
        if "assumeRolePolicy" in changed:
            session.call(
                "iam",
                "update_assume_role_policy",
                RoleName=resource_id,
                PolicyDocument=inputs["assumeRolePolicy"],
            )
        if "permissionsBoundary" in changed:
            boundary = inputs["permissionsBoundary"] or None
            session.call(
                "iam",
                f"{'put' if boundary else 'delete'}_role_permissions_boundary",
                RoleName=resource_id,
                PermissionsBoundary=boundary,
            )

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Delete the role, after detaching its policies if `forceDetachPolicies` is set."""
        if state.get("forceDetachPolicies"):
            for attached in attached_policies(session, resource_id):
                session.call("iam", "detach_role_policy", RoleName=resource_id, PolicyArn=attached)
            for inline in session.pages(
                "iam", "list_role_policies", "PolicyNames", RoleName=resource_id
            ):
                session.call("iam", "delete_role_policy", RoleName=resource_id, PolicyName=inline)
        super().delete(session, resource_id, state)


class Policy(AwsResource):
    """A managed policy."""

    token = "aws:iam/policy:Policy"  # noqa: S105 - a type's name
    service = "iam"
    operations = Operations(
        identifier="PolicyArn",
        create="create_policy",
        created="Policy.Arn",
        describe="get_policy",
        described="Policy",
        delete="delete_policy",
    )
    tagging = tagging.IAM_POLICY
    not_found_codes = NOT_FOUND_CODES
    naming = Naming("name", "namePrefix")
    inputs: ClassVar[Mapping[str, Property]] = {
        "description": Property("Description", replaces=True),
        "name": Property("PolicyName", replaces=True),
        "namePrefix": Property(replaces=True, write_only=True),
        "path": Property("Path", replaces=True, default="/"),
        "policy": Property("PolicyDocument", "", required=True, same=same_json),
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {
        "arn": "Arn",
        "attachmentCount": "AttachmentCount",
        "policyId": "PolicyId",
    }

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Create a new default version, after deleting the oldest one if there are five."""
        if "policy" not in changed:
            return
        spare = self._spare_versions(session, resource_id)
        if len(spare) >= POLICY_VERSIONS - 1:
            oldest = min(spare, key=lambda version: int(version.removeprefix("v")))
            session.call("iam", "delete_policy_version", PolicyArn=resource_id, VersionId=oldest)
        session.call(
            "iam",
            "create_policy_version",
            PolicyArn=resource_id,
            PolicyDocument=inputs["policy"],
            SetAsDefault=True,
        )

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Delete the non-default versions, then the policy."""

        def call() -> None:
            for spare in self._spare_versions(session, resource_id):
                session.call("iam", "delete_policy_version", PolicyArn=resource_id, VersionId=spare)
            session.call("iam", "delete_policy", PolicyArn=resource_id)

        self.ignore_not_found(call)

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Read the default version's document."""
        answer = session.call(
            "iam",
            "get_policy_version",
            PolicyArn=state["id"],
            VersionId=description["DefaultVersionId"],
        )
        return {"policy": json.dumps(answer["PolicyVersion"]["Document"])}

    def _spare_versions(self, session: AwsConnection, resource_id: str) -> list[str]:
        versions = session.pages("iam", "list_policy_versions", "Versions", PolicyArn=resource_id)
        return [one["VersionId"] for one in versions if not one["IsDefaultVersion"]]


class RolePolicyAttachment(AwsResource):
    """A managed policy's attachment to a role; its id, also for imports, is `role/policy ARN`."""

    token = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"  # noqa: S105 - a type's name
    service = "iam"
    operations = Operations(identifier="", create="attach_role_policy")
    not_found_codes = NOT_FOUND_CODES
    inputs: ClassVar[Mapping[str, Property]] = {
        "policyArn": Property("PolicyArn", replaces=True, required=True),
        "role": Property("RoleName", replaces=True, required=True),
    }
    outputs: ClassVar[Mapping[str, str]] = {}

    def create(self, session: AwsConnection, inputs: Properties) -> Created:
        """Attach."""
        session.call("iam", "attach_role_policy", **self.creation(session, inputs))
        return Created(f"{inputs['role']}/{inputs['policyArn']}")

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return the attachment if the role has the policy."""
        role, _, policy = resource_id.partition("/")
        if policy not in attached_policies(session, role):
            return None
        return {"RoleName": role, "PolicyArn": policy}

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Detach."""
        role, _, policy = resource_id.partition("/")
        self.ignore_not_found(
            lambda: session.call("iam", "detach_role_policy", RoleName=role, PolicyArn=policy)
        )


def attached_policies(session: AwsConnection, role: str) -> list[str]:
    """List the ARNs of the managed policies on a role."""
    found = session.pages("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=role)
    return [one["PolicyArn"] for one in found]
