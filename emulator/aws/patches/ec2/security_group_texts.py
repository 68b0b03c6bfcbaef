"""Names and descriptions of security groups and their rules."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations

MAX_LENGTH = 255
CHARACTERS = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]*")
"""EC2 API reference, IpRange, Description."""

_RULE_MESSAGE = (
    "Invalid rule description. Valid descriptions are strings less than 256 characters from the "
    "following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
)
_SOURCES = ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs")
_TEST = "ec2/test_security_group_texts"


@patch_operations(
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:AuthorizeSecurityGroupEgress",
    "ec2:ModifySecurityGroupRules",
    moto_behaviour="any text is a description of a rule",
    aws="InvalidParameterValue for more than 255 characters or other characters",
    source="EC2 API reference, IpRange, Description; hashicorp/terraform-provider-aws issues quote "
    "the message",
    test=f"{_TEST}::test_an_invalid_description_of_a_rule_is_rejected",
)
def validate_rule_descriptions(call: Call, proceed: Proceed) -> Answer:
    """Reject an invalid description."""
    for description in _descriptions(call.params):
        if len(description) > MAX_LENGTH or not CHARACTERS.fullmatch(description):
            reject("InvalidParameterValue", _RULE_MESSAGE)
    return proceed()


def _descriptions(params: Mapping[str, Any]) -> Iterator[str]:
    for permission in params.get("IpPermissions", ()):
        for source in _SOURCES:
            yield from (each.get("Description") or "" for each in permission.get(source, ()))
    for change in params.get("SecurityGroupRules", ()):
        yield change["SecurityGroupRule"].get("Description") or ""


@patch_operations(
    "ec2:CreateSecurityGroup",
    moto_behaviour="any text is a name and a description of a group",
    aws="InvalidParameterValue for more than 255 characters, other characters, or a name that "
    "begins with sg-",
    source="EC2 API reference, CreateSecurityGroup, GroupName and GroupDescription",
    test=f"{_TEST}::test_an_invalid_name_or_description_of_a_group_is_rejected",
)
def validate_group_texts(call: Call, proceed: Proceed) -> Answer:
    """Reject an invalid name or description."""
    for member in ("GroupName", "Description"):
        text = call.params[member]
        if not 1 <= len(text) <= MAX_LENGTH or not CHARACTERS.fullmatch(text):
            reject(
                "InvalidParameterValue",
                f"Value ({text}) for parameter {member} is invalid. It must have 1 to {MAX_LENGTH} "
                "characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
            )
    if call.params["GroupName"].lower().startswith("sg-"):
        reject(
            "InvalidParameterValue",
            f"Value ({call.params['GroupName']}) for parameter GroupName is invalid. Names must "
            "not begin with 'sg-'.",
        )
    return proceed()
