from typing import Any

import pytest

from emulator.testing.requests import create_security_group, subnets_of
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

ALL_CHARACTERS = "azAZ09. _-:/()#,@[]+=&;{}!$*"
INVALID_RULE = Rejection(
    "InvalidParameterValue",
    "Invalid rule description. Valid descriptions are strings less than 256 characters from the "
    "following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
)


@pytest.fixture
def vpc_id(ec2: Any) -> str:
    return subnets_of(ec2, "first")[0]["VpcId"]


def _permission(description: str) -> list[dict[str, Any]]:
    return [
        {
            "IpProtocol": "tcp",
            "FromPort": 5432,
            "ToPort": 5432,
            "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": description}],
        }
    ]


@pytest.mark.parametrize("description", [ALL_CHARACTERS, "x" * 255])
def test_a_valid_description_of_a_rule_is_accepted(
    ec2: Any, vpc_id: str, name: str, description: str
) -> None:
    group = create_security_group(ec2, name, vpc_id)
    rules = ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=_permission(description)
    )["SecurityGroupRules"]
    assert [rule["Description"] for rule in rules] == [description]


@pytest.mark.parametrize("description", ["x" * 256, "a <- b", "a'b", "größer", "a|b", "a?"])
def test_an_invalid_description_of_a_rule_is_rejected(
    ec2: Any, vpc_id: str, name: str, description: str
) -> None:
    group = create_security_group(ec2, name, vpc_id)
    for direction in ("ingress", "egress"):
        authorize = getattr(ec2, f"authorize_security_group_{direction}")
        answered = rejection(authorize, GroupId=group, IpPermissions=_permission(description))
        assert answered == INVALID_RULE
    (rule,) = ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=_permission("valid")
    )["SecurityGroupRules"]
    change = {
        "SecurityGroupRuleId": rule["SecurityGroupRuleId"],
        "SecurityGroupRule": {
            "IpProtocol": "tcp",
            "FromPort": 5432,
            "ToPort": 5432,
            "CidrIpv4": "10.0.0.0/8",
            "Description": description,
        },
    }
    answered = rejection(
        ec2.modify_security_group_rules, GroupId=group, SecurityGroupRules=[change]
    )
    assert answered == INVALID_RULE


_SET = "It must have 1 to 255 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (
            {"GroupName": "SG-orders"},
            "Value (SG-orders) for parameter GroupName is invalid. Names must not begin with "
            "'sg-'.",
        ),
        ({"GroupName": "a|b"}, f"Value (a|b) for parameter GroupName is invalid. {_SET}"),
        ({"Description": "größer"}, f"Value (größer) for parameter Description is invalid. {_SET}"),
        (
            {"Description": "x" * 256},
            f"Value ({'x' * 256}) for parameter Description is invalid. {_SET}",
        ),
    ],
)
def test_an_invalid_name_or_description_of_a_group_is_rejected(
    ec2: Any, vpc_id: str, name: str, members: dict[str, str], message: str
) -> None:
    request = {"GroupName": name, "Description": "Of a test", "VpcId": vpc_id, **members}
    assert rejection(ec2.create_security_group, **request) == Rejection(
        "InvalidParameterValue", message
    )
