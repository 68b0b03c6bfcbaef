from typing import Any

import pytest

from emulator.testing.requests import cluster_request, create_security_group, subnets_of
from emulator.tests.aws.requests import Network, Rejection, rejection

pytestmark = pytest.mark.emulator

_POSTGRES = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}


@pytest.fixture(scope="module")
def vpc_id(ec2: Any) -> str:
    return subnets_of(ec2, "first")[0]["VpcId"]


@pytest.fixture
def group_id(ec2: Any, vpc_id: str, name: str) -> str:
    return create_security_group(ec2, name, vpc_id)


@pytest.fixture
def other_id(ec2: Any, vpc_id: str, name: str) -> str:
    return create_security_group(ec2, f"{name}-other", vpc_id)


def _source(ec2: Any, kind: str, other_id: str, **note: str) -> dict[str, Any]:
    """Return one source of traffic, in the shape of an IpPermission."""
    if kind == "prefix list":
        (listed,) = ec2.describe_managed_prefix_lists(
            Filters=[{"Name": "prefix-list-name", "Values": ["com.amazonaws.us-east-2.s3"]}]
        )["PrefixLists"]
        return {"PrefixListIds": [{"PrefixListId": listed["PrefixListId"], **note}]}
    return {
        "group": {"UserIdGroupPairs": [{"GroupId": other_id, **note}]},
        "IPv4 range": {"IpRanges": [{"CidrIp": "10.20.0.0/16", **note}]},
        "IPv6 range": {"Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32", **note}]},
    }[kind]


def _allow(ec2: Any, group_id: str, source: dict[str, Any]) -> dict[str, Any]:
    (rule,) = ec2.authorize_security_group_ingress(
        GroupId=group_id, IpPermissions=[{**_POSTGRES, **source}]
    )["SecurityGroupRules"]
    return rule


def _in_rules_view(ec2: Any, rule_id: str) -> dict[str, Any]:
    found = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule_id])
    (rule,) = found["SecurityGroupRules"]
    return rule


def _sources_in_groups_view(ec2: Any, group_id: str) -> list[dict[str, Any]]:
    (group,) = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    members = ("UserIdGroupPairs", "PrefixListIds", "IpRanges", "Ipv6Ranges")
    return [
        source
        for permission in group["IpPermissions"]
        for member in members
        for source in permission[member]
    ]


_KINDS = pytest.mark.parametrize("kind", ["group", "prefix list", "IPv4 range", "IPv6 range"])


@_KINDS
def test_the_same_traffic_under_another_description_is_a_duplicate(
    ec2: Any, group_id: str, other_id: str, kind: str
) -> None:
    rule = _allow(ec2, group_id, _source(ec2, kind, other_id, Description="ECS tasks"))
    assert rule["Description"] == "ECS tasks"
    assert _in_rules_view(ec2, rule["SecurityGroupRuleId"])["Description"] == "ECS tasks"
    (source,) = _sources_in_groups_view(ec2, group_id)
    assert source["Description"] == "ECS tasks"
    again = {**_POSTGRES, **_source(ec2, kind, other_id, Description="Another word")}
    rejected = rejection(
        ec2.authorize_security_group_ingress, GroupId=group_id, IpPermissions=[again]
    )
    assert (rejected.code, rejected.status) == ("InvalidPermission.Duplicate", 400)
    assert len(_sources_in_groups_view(ec2, group_id)) == 1


def test_ports_mean_nothing_where_every_protocol_is_allowed(ec2: Any, group_id: str) -> None:
    every = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    with_ports = {**every, "FromPort": 0, "ToPort": 65535}
    rejected = rejection(
        ec2.authorize_security_group_egress, GroupId=group_id, IpPermissions=[with_ports]
    )
    assert (rejected.code, rejected.status) == ("InvalidPermission.Duplicate", 400)
    ec2.revoke_security_group_egress(GroupId=group_id, IpPermissions=[with_ports])
    (group,) = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    assert group["IpPermissionsEgress"] == []


@_KINDS
def test_other_traffic_is_another_rule(ec2: Any, group_id: str, other_id: str, kind: str) -> None:
    source = _source(ec2, kind, other_id)
    first = _allow(ec2, group_id, source)
    (second,) = ec2.authorize_security_group_ingress(
        GroupId=group_id, IpPermissions=[{**_POSTGRES, "ToPort": 5433, **source}]
    )["SecurityGroupRules"]
    assert first["SecurityGroupRuleId"] != second["SecurityGroupRuleId"]
    assert len(_sources_in_groups_view(ec2, group_id)) == 2


@_KINDS
def test_a_rule_is_revoked_by_its_traffic_whatever_its_description(
    ec2: Any, group_id: str, other_id: str, kind: str
) -> None:
    _allow(ec2, group_id, _source(ec2, kind, other_id, Description="ECS tasks"))
    permission = {**_POSTGRES, **_source(ec2, kind, other_id)}
    ec2.revoke_security_group_ingress(GroupId=group_id, IpPermissions=[permission])
    assert _sources_in_groups_view(ec2, group_id) == []


@_KINDS
def test_a_rule_without_a_description_has_none(
    ec2: Any, group_id: str, other_id: str, kind: str
) -> None:
    rule = _allow(ec2, group_id, _source(ec2, kind, other_id))
    assert "Description" not in _in_rules_view(ec2, rule["SecurityGroupRuleId"])
    (source,) = _sources_in_groups_view(ec2, group_id)
    assert "Description" not in source


def test_a_modified_rule_keeps_its_id_and_shows_the_change_in_both_views(
    ec2: Any, vpc_id: str, group_id: str, other_id: str, name: str
) -> None:
    third_id = create_security_group(ec2, f"{name}-third", vpc_id)
    rule = _allow(ec2, group_id, _source(ec2, "group", other_id, Description="Old"))
    rule_id = rule["SecurityGroupRuleId"]
    wanted = {**_POSTGRES, "ReferencedGroupId": third_id, "Description": "New"}
    ec2.modify_security_group_rules(
        GroupId=group_id,
        SecurityGroupRules=[{"SecurityGroupRuleId": rule_id, "SecurityGroupRule": wanted}],
    )
    seen = _in_rules_view(ec2, rule_id)
    assert seen["Description"] == "New"
    assert seen["ReferencedGroupInfo"]["GroupId"] == third_id
    (source,) = _sources_in_groups_view(ec2, group_id)
    assert (source["GroupId"], source["Description"]) == (third_id, "New")


@pytest.mark.parametrize("kind", ["prefix list", "IPv4 range", "IPv6 range"])
def test_a_new_description_shows_in_both_views(
    ec2: Any, group_id: str, other_id: str, kind: str
) -> None:
    rule = _allow(ec2, group_id, _source(ec2, kind, other_id, Description="Old"))
    rule_id = rule["SecurityGroupRuleId"]
    sources = {
        "prefix list": {"PrefixListId": rule.get("PrefixListId")},
        "IPv4 range": {"CidrIpv4": "10.20.0.0/16"},
        "IPv6 range": {"CidrIpv6": "2001:db8::/32"},
    }
    wanted = {**_POSTGRES, **sources[kind], "Description": "New"}
    ec2.modify_security_group_rules(
        GroupId=group_id,
        SecurityGroupRules=[{"SecurityGroupRuleId": rule_id, "SecurityGroupRule": wanted}],
    )
    assert _in_rules_view(ec2, rule_id)["Description"] == "New"
    (source,) = _sources_in_groups_view(ec2, group_id)
    assert source["Description"] == "New"


def test_a_rule_is_not_changed_to_a_group_that_does_not_exist(
    ec2: Any, group_id: str, other_id: str
) -> None:
    rule = _allow(ec2, group_id, _source(ec2, "group", other_id))
    change = {
        "SecurityGroupRuleId": rule["SecurityGroupRuleId"],
        "SecurityGroupRule": {**_POSTGRES, "ReferencedGroupId": "sg-00000000000000000"},
    }
    assert rejection(
        ec2.modify_security_group_rules, GroupId=group_id, SecurityGroupRules=[change]
    ) == Rejection(
        "InvalidGroup.NotFound", "The security group 'sg-00000000000000000' does not exist"
    )
    seen = _in_rules_view(ec2, rule["SecurityGroupRuleId"])
    assert seen["ReferencedGroupInfo"]["GroupId"] == other_id


@pytest.mark.parametrize("user", ["cluster", "inbound rule", "outbound rule"])
def test_a_group_in_use_is_not_deleted(
    ec2: Any, rds: Any, network: Network, name: str, group_id: str, other_id: str, user: str
) -> None:
    permission = {**_POSTGRES, "UserIdGroupPairs": [{"GroupId": group_id}]}
    rule = {"GroupId": other_id, "IpPermissions": [permission]}
    if user == "cluster":
        rds.create_db_cluster(
            **cluster_request(
                name, DBSubnetGroupName=network.subnet_group, VpcSecurityGroupIds=[group_id]
            )
        )
    elif user == "inbound rule":
        ec2.authorize_security_group_ingress(**rule)
    else:
        ec2.authorize_security_group_egress(**rule)
    in_use = Rejection("DependencyViolation", f"resource {group_id} has a dependent object")
    assert rejection(ec2.delete_security_group, GroupId=group_id) == in_use
    if user == "cluster":
        rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)
    elif user == "inbound rule":
        ec2.revoke_security_group_ingress(**rule)
    else:
        ec2.revoke_security_group_egress(**rule)
    ec2.delete_security_group(GroupId=group_id)
    assert rejection(ec2.describe_security_groups, GroupIds=[group_id]).code == (
        "InvalidGroup.NotFound"
    )


def test_a_group_that_only_its_own_rule_names_is_deleted(ec2: Any, group_id: str) -> None:
    _allow(ec2, group_id, _source(ec2, "group", group_id))
    ec2.delete_security_group(GroupId=group_id)
    assert rejection(ec2.describe_security_groups, GroupIds=[group_id]).code == (
        "InvalidGroup.NotFound"
    )
