"""EC2: security groups.

Rules inside a group (`ingress`, `egress`) are not supported; Check rejects them.
"""
# ruff: noqa: ARG002 - the signatures are ResourceType's

import time
from collections.abc import Mapping
from typing import ClassVar

from emulator.provider.aws_connection import AwsConnection, AwsError
from emulator.provider.aws_resource import POLL_SECONDS, REGION, TAGS
from emulator.provider.operations import Operations
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Naming, Property
from emulator.provider.resources.ec2.ec2_resource import Ec2Resource, arn
from emulator.provider.resources.ec2.security_group_rules import SOURCES, revoke

LIMIT_SECONDS = 30.0
"""Time limit for deleting a group; the official provider's is 15 minutes, but the interfaces of the
emulated AWS stay for seconds only."""

IN_USE_CODES = frozenset({"DependencyViolation", "InvalidGroup.InUse"})


class SecurityGroup(Ec2Resource):
    """A security group without AWS's default egress rule, as with the official provider."""

    token = "aws:ec2/securityGroup:SecurityGroup"  # noqa: S105 - a type's name
    tagged_as = "security-group"
    operations = Operations(
        identifier="GroupIds[]",
        create="create_security_group",
        created="GroupId",
        describe="describe_security_groups",
        described="SecurityGroups[]",
    )
    naming = Naming("name", "namePrefix")
    inputs: ClassVar[Mapping[str, Property]] = {
        "name": Property("GroupName", replaces=True),
        "namePrefix": Property(replaces=True, write_only=True),
        "description": Property("Description", replaces=True, default="Managed by Pulumi"),
        "vpcId": Property("VpcId", replaces=True, computed=True),
        "revokeRulesOnDelete": Property(write_only=True, default=False),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {
        "arn": "",
        "egress": "",
        "ingress": "",
        "ownerId": "OwnerId",
    }

    def finish(self, session: AwsConnection, resource_id: str, inputs: Properties) -> None:
        """Revoke AWS's default egress rule."""
        found = self.describe(session, resource_id) or {}
        allowed = found.get("IpPermissionsEgress")
        if allowed:
            session.call(
                "ec2", "revoke_security_group_egress", GroupId=resource_id, IpPermissions=allowed
            )

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Delete the group, after revoking its rules if `revokeRulesOnDelete` is set."""
        if state.get("revokeRulesOnDelete"):
            rules = session.pages(
                "ec2",
                "describe_security_group_rules",
                "SecurityGroupRules",
                Filters=[{"Name": "group-id", "Values": [resource_id]}],
            )
            for rule in rules:
                revoke(session, resource_id, rule["SecurityGroupRuleId"], egress=rule["IsEgress"])
        self.ignore_not_found(lambda: self._delete(session, resource_id))

    def _delete(self, session: AwsConnection, resource_id: str) -> None:
        """Delete the group; network interfaces may use it for a while, as Lambda's do."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while True:
            try:
                session.call("ec2", "delete_security_group", GroupId=resource_id)
            except AwsError as error:
                if error.code not in IN_USE_CODES or time.monotonic() > deadline:
                    raise
            else:
                return
            time.sleep(POLL_SECONDS)

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Compose the ARN, and return the rules as the official provider does."""
        return {
            "arn": arn(session, state["ownerId"], "security-group", state["id"]),
            "egress": rules_of(description, description.get("IpPermissionsEgress") or []),
            "ingress": rules_of(description, description.get("IpPermissions") or []),
        }


def rules_of(group: Properties, permissions: list[Properties]) -> list[Properties]:
    """Return permissions as the official provider's blocks."""
    own = group["GroupId"]
    blocks: list[Properties] = []
    for each in permissions:
        sources: dict[str, list[str]] = {
            container: [one[key] for one in each.get(container, [])]
            for container, key in SOURCES.values()
        }
        groups = sources["UserIdGroupPairs"]
        blocks.append(
            {
                "cidrBlocks": sources["IpRanges"],
                "fromPort": each.get("FromPort", 0),
                "ipv6CidrBlocks": sources["Ipv6Ranges"],
                "prefixListIds": sources["PrefixListIds"],
                "protocol": each["IpProtocol"],
                "securityGroups": [one for one in groups if one != own],
                "self": own in groups,
                "toPort": each.get("ToPort", 0),
            }
        )
    return blocks
