"""EC2: rules of security groups as separate resources.

Only `securityGroupId` replaces a rule, as in hashicorp/terraform-provider-aws,
internal/service/ec2/vpc_security_group_ingress_rule.go.
"""
# ruff: noqa: ARG002 - the signatures are ResourceType's

from collections.abc import Mapping
from typing import Any, ClassVar

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS
from emulator.provider.operations import Operations
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Created, Property
from emulator.provider.resources.ec2.ec2_resource import Ec2Resource, arn

ALL_PROTOCOLS = "-1"

PROTOCOLS = {"-1": "all", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
"""Names of the protocols that EC2 also accepts as numbers."""


def same_protocol(old: Any, new: Any) -> bool:
    """Compare protocols given by name in any case, or by number."""
    return _protocol(old) == _protocol(new)


def _protocol(value: Any) -> str:
    text = str(value).lower()
    return PROTOCOLS.get(text, text)


SOURCES = {
    "CidrIpv4": ("IpRanges", "CidrIp"),
    "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "PrefixListId": ("PrefixListIds", "PrefixListId"),
    "ReferencedGroupId": ("UserIdGroupPairs", "GroupId"),
}
"""A rule's member for each kind of source: a permission's list, and the member in its elements."""


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


def revoke(session: AwsConnection, group_id: str, rule_id: str, *, egress: bool) -> None:
    """Revoke one rule."""
    direction = "egress" if egress else "ingress"
    session.call(
        "ec2",
        f"revoke_security_group_{direction}",
        GroupId=group_id,
        SecurityGroupRuleIds=[rule_id],
    )
