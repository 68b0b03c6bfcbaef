"""EC2: security groups, and their rules as resources of their own.

Rules inside a group (`ingress`, `egress`) are not supported; Check rejects them. Only
`securityGroupId` replaces a rule, as in hashicorp/terraform-provider-aws,
internal/service/ec2/vpc_security_group_ingress_rule.go.
"""
# ruff: noqa: ARG002 - the signatures are ResourceType's

import time
from collections.abc import Mapping
from typing import Any, ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection, AwsError
from emulator.provider.aws_resource import POLL_SECONDS, REGION, TAGS, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Created, Naming, Property

ALL_PROTOCOLS = "-1"

LIMIT_SECONDS = 30.0
"""Time limit for deleting a group; the official provider's is 15 minutes, but the interfaces of the
emulated AWS stay for seconds only."""

IN_USE_CODES = frozenset({"DependencyViolation", "InvalidGroup.InUse"})

NOT_FOUND_CODES = frozenset(
    {
        "InvalidGroup.NotFound",
        "InvalidGroupId.Malformed",
        "InvalidPermission.NotFound",
        "InvalidSecurityGroupRuleId.NotFound",
    }
)


PROTOCOLS = {"-1": "all", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
"""Names of the protocols that EC2 also accepts as numbers."""


def same_protocol(old: Any, new: Any) -> bool:
    """Compare protocols given by name in any case, or by number."""
    return _protocol(old) == _protocol(new)


def _protocol(value: Any) -> str:
    text = str(value).lower()
    return PROTOCOLS.get(text, text)


class Ec2Resource(AwsResource):
    """The common part of EC2's types.

    Attributes:
        tagged_as: EC2's name of the type in TagSpecifications.
    """

    service = "ec2"
    tagging = tagging.EC2
    not_found_codes = NOT_FOUND_CODES
    tagged_as: ClassVar[str]

    def creation(self, session: AwsConnection, inputs: Properties) -> Properties:
        """Return the create request with the tags as TagSpecifications."""
        request = super().creation(session, inputs)
        if "TagSpecifications" in request:
            tags = request["TagSpecifications"]
            request["TagSpecifications"] = [{"ResourceType": self.tagged_as, "Tags": tags}]
        return request


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


class SecurityGroupRule(Ec2Resource):
    """A rule of a security group.

    Attributes:
        direction: `ingress` or `egress`.
    """

    tagged_as = "security-group-rule"
    direction: ClassVar[str]
    operations = Operations(
        identifier="SecurityGroupRuleIds[]",
        create="",
        describe="describe_security_group_rules",
        described="SecurityGroupRules[]",
    )
    inputs: ClassVar[Mapping[str, Property]] = {
        "cidrIpv4": Property("CidrIpv4"),
        "cidrIpv6": Property("CidrIpv6"),
        "description": Property("Description", empty=""),
        "fromPort": Property("FromPort"),
        "ipProtocol": Property("IpProtocol", required=True, same=same_protocol),
        "prefixListId": Property("PrefixListId"),
        "referencedSecurityGroupId": Property("ReferencedGroupId", "ReferencedGroupInfo.GroupId"),
        "securityGroupId": Property(answer="GroupId", replaces=True, required=True),
        "toPort": Property("ToPort"),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {
        "arn": "",
        "securityGroupRuleId": "SecurityGroupRuleId",
    }

    @property
    def authorize(self) -> str:
        """The operation that adds a rule."""
        return f"authorize_security_group_{self.direction}"

    def creation(self, session: AwsConnection, inputs: Properties) -> Properties:
        """Return the rule as a permission with one source."""
        rule = super().creation(session, inputs)
        return {
            "GroupId": inputs["securityGroupId"],
            "IpPermissions": [permission(rule)],
            "TagSpecifications": rule.get("TagSpecifications"),
        }

    def create(self, session: AwsConnection, inputs: Properties) -> Created:
        """Add the rule."""
        answer = session.call("ec2", self.authorize, **self.creation(session, inputs))
        return Created(answer["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Change the rule in place; its id stays the same."""
        rule = self.request(inputs, frozenset(self.inputs))
        if changed - {"tags", "tagsAll"}:
            session.call(
                "ec2",
                "modify_security_group_rules",
                GroupId=inputs["securityGroupId"],
                SecurityGroupRules=[
                    {"SecurityGroupRuleId": resource_id, "SecurityGroupRule": rule}
                ],
            )

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Revoke the rule by its id."""
        egress = self.direction == "egress"
        self.ignore_not_found(
            lambda: revoke(session, state["securityGroupId"], resource_id, egress=egress)
        )

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Compose the ARN; a rule for all protocols has no ports."""
        own_arn = arn(session, session.account, "security-group-rule", state["id"])
        found: Properties = {"arn": own_arn}
        if state["ipProtocol"] == ALL_PROTOCOLS:
            found |= {"fromPort": None, "toPort": None}
        return found


class SecurityGroupIngressRule(SecurityGroupRule):
    """An ingress rule."""

    token = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"  # noqa: S105
    direction = "ingress"


class SecurityGroupEgressRule(SecurityGroupRule):
    """An egress rule."""

    token = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"  # noqa: S105
    direction = "egress"


SOURCES = {
    "CidrIpv4": ("IpRanges", "CidrIp"),
    "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "PrefixListId": ("PrefixListIds", "PrefixListId"),
    "ReferencedGroupId": ("UserIdGroupPairs", "GroupId"),
}
"""A rule's member for each kind of source: a permission's list, and the member in its elements."""


def permission(rule: Properties) -> Properties:
    """Return a rule as a permission for authorize_*."""
    found: Properties = {
        key: rule[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in rule
    }
    for member, (container, key) in SOURCES.items():
        if member in rule:
            source = {key: rule[member], "Description": rule.get("Description")}
            found[container] = [{name: value for name, value in source.items() if value}]
    return found


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


def revoke(session: AwsConnection, group_id: str, rule_id: str, *, egress: bool) -> None:
    """Revoke one rule."""
    direction = "egress" if egress else "ingress"
    session.call(
        "ec2",
        f"revoke_security_group_{direction}",
        GroupId=group_id,
        SecurityGroupRuleIds=[rule_id],
    )


def arn(session: AwsConnection, owner: str, kind: str, resource_id: str) -> str:
    """Return the ARN of an EC2 resource."""
    return f"arn:{session.partition}:ec2:{session.region}:{owner}:{kind}/{resource_id}"
