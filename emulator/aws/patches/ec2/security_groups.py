"""Security groups: identity and descriptions of rules, and deletion."""

from typing import cast

from moto.ec2.models.security_groups import (
    GroupedSecurityRuleView,
    SecurityGroup,
    SecurityGroupRule,
)

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_classes, patch_operations

_TEST = "ec2/test_security_groups"


@patch_classes(
    moto_behaviour="rules with a group or prefix list source lose their description; a "
    "description makes the same traffic a second rule",
    aws="every rule has its description; the same traffic is InvalidPermission.Duplicate",
    source="EC2 API reference, AuthorizeSecurityGroupIngress and SecurityGroupRule",
    test=f"{_TEST}::test_the_same_traffic_under_another_description_is_a_duplicate",
)
def compare_rules_by_traffic() -> None:
    """Compare rules by traffic and read the description wherever moto stored it."""
    made = SecurityGroupRule.__init__

    def make(self: SecurityGroupRule, *args: object, **kwargs: object) -> None:
        made(self, *args, **kwargs)  # pyright: ignore[reportArgumentType] - passed through
        names = ("ip_range", "source_group", "prefix_list_id")
        sources = [*args[5:8], *(kwargs[name] for name in names if name in kwargs)]
        notes = [cast("dict[str, str]", source).get("Description") for source in sources if source]
        _describe(self, next((note for note in notes if note is not None), None))

    setattr(SecurityGroupRule, "__init__", make)  # noqa: B010 - a method of moto's
    setattr(SecurityGroupRule, "description", property(_description))  # noqa: B010
    setattr(SecurityGroupRule, "__eq__", _same_traffic)  # noqa: B010


def _describe(rule: SecurityGroupRule, description: str | None) -> None:
    """Store a description where both of moto's views of a rule read it."""
    setattr(rule, "_note", description)  # noqa: B010 - not declared by moto
    holder = rule.source_group or rule.ip_range
    if description is None:
        holder.pop("Description", None)
    elif holder:
        holder["Description"] = description


def _description(rule: SecurityGroupRule) -> str | None:
    holder = rule.source_group or rule.ip_range
    return holder.get("Description", getattr(rule, "_note", None))


def _ports(rule: SecurityGroupRule | GroupedSecurityRuleView) -> tuple[object, ...]:
    every = rule.ip_protocol == "-1"
    return (rule.ip_protocol, *(() if every else (rule.from_port, rule.to_port)))


def _traffic(rule: SecurityGroupRule) -> tuple[object, ...]:
    return (
        *_ports(rule),
        rule.cidr_ipv4,
        rule.cidr_ipv6,
        rule.source_group.get("GroupId"),
        rule.prefix_list_id,
    )


def _same_traffic(rule: SecurityGroupRule, other: SecurityGroupRule) -> bool:
    return _traffic(rule) == _traffic(other)


@patch_classes(
    moto_behaviour="DescribeSecurityGroups omits the descriptions of prefix lists",
    aws="PrefixListIds have a Description",
    source="EC2 API reference, PrefixListId",
    test=f"{_TEST}::test_a_new_description_shows_in_both_views",
)
def describe_prefix_lists() -> None:
    """Add the descriptions to the rules that moto groups by ports."""
    grouped = getattr(SecurityGroup, "_flattened_rules")  # noqa: B009 - private in moto

    def group(self: SecurityGroup, rules: list[SecurityGroupRule]) -> list[GroupedSecurityRuleView]:
        views = cast("list[GroupedSecurityRuleView]", grouped(self, rules))
        notes = {(*_ports(rule), rule.prefix_list_id): _description(rule) for rule in rules}
        for view in views:
            for listed in view.prefix_list_ids:
                note = notes[(*_ports(view), listed["PrefixListId"])]
                listed.update({} if note is None else {"Description": note})
        return views

    setattr(SecurityGroup, "_flattened_rules", group)  # noqa: B010


@patch_operations(
    "ec2:ModifySecurityGroupRules",
    moto_behaviour="a new source group is ignored, and a new description appears in one of two "
    "views",
    aws="the rule has the values that were sent, under the same id",
    source="EC2 API reference, ModifySecurityGroupRules",
    test=f"{_TEST}::test_a_modified_rule_keeps_its_id_and_shows_the_change_in_both_views",
)
def modify_rules(call: Call, proceed: Proceed) -> Answer:
    """Set source and description on the stored rule."""
    result = proceed()
    group = _group(call, call.params["GroupId"])
    for change in call.params["SecurityGroupRules"]:
        rule = group.get_rule(change["SecurityGroupRuleId"])
        wanted = change["SecurityGroupRule"]
        if rule is None:
            continue  # moto has rejected the request
        if "ReferencedGroupId" in wanted:
            rule.source_group = {
                **rule.source_group,
                "GroupId": _group(call, wanted["ReferencedGroupId"]).id,
            }
        rule.ip_range.pop("Description", None)
        _describe(rule, wanted.get("Description", _description(rule)))
    return result


def _group(call: Call, group_id: str) -> SecurityGroup:
    group = call.ec2.get_security_group_from_id(group_id)
    if group is None:
        message = f"The security group '{group_id}' does not exist"
        reject("InvalidGroup.NotFound", message)
    return group


@patch_operations(
    "ec2:DeleteSecurityGroup",
    moto_behaviour="a security group that a cluster or another group's rule uses can be deleted",
    aws="DependencyViolation",
    source="EC2 API reference, DeleteSecurityGroup; EC2 error codes, DependencyViolation",
    test=f"{_TEST}::test_a_group_in_use_is_not_deleted",
)
def keep_security_group_in_use(call: Call, proceed: Proceed) -> Answer:
    """Reject the deletion while a cluster or a rule of another group refers to the group."""
    group_id = call.params.get("GroupId")
    if group_id and (_has_cluster(call, group_id) or _has_referrer(call, group_id)):
        reject("DependencyViolation", f"resource {group_id} has a dependent object")
    return proceed()


def _has_cluster(call: Call, group_id: str) -> bool:
    return any(group_id in cluster.vpc_security_group_ids for cluster in call.rds.clusters.values())


def _has_referrer(call: Call, group_id: str) -> bool:
    return any(
        rule.source_group.get("GroupId") == group_id
        for group in call.ec2.describe_security_groups()
        if group.id != group_id
        for rule in (*group.ingress_rules, *group.egress_rules)
    )
