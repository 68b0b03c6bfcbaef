"""Every type of the AWS provider with a policy or rules is checked, or listed with a reason."""

import re
from functools import cache
from pathlib import Path

import pulumi_aws

from policy_pack.aurora_policies.controls.stack.unchecked_types import access_types, checked_types
from policy_pack.aurora_policies.reading.patterns import has_wildcard
from policy_pack.aurora_policies.reading.resource_types import (
    ATTACHMENTS,
    GRANTEES,
    IDENTITY_POLICIES,
    RESOURCE_POLICIES,
)

PROPERTIES = {
    *("policy", "ingress", "egress", "policy_arn", "policy_arns", "managed_policy_arns"),
    *("inline_policy", "inline_policies", "assume_role_policy", "policy_document"),
    *("resource_policy", "access_policy", "access_policies"),
}
"""Inputs that can contain or name a policy, or rules of a network."""


@cache
def inputs_by_type() -> dict[str, set[str]]:
    """Inputs of every resource class of the SDK, read from its source: importing takes minutes."""
    found: dict[str, set[str]] = {}
    for path in Path(pulumi_aws.__file__).parent.glob("*/*.py"):
        text = path.read_text(encoding="utf-8")
        token = re.search(r"super\(\w+, __self__\)\.__init__\(\s*'([^']+)'", text)
        signature = re.search(r"def _internal_init\(__self__,(.*?)__props__=None\)", text, re.S)
        if token and signature:
            found[token[1]] = set(re.findall(r"^\s+(\w+): ", signature[1], re.M))
    return found


def test_the_source_of_the_sdk_can_be_read() -> None:
    assert len(inputs_by_type()) > 1500
    assert {"engine", "master_password", "vpc_security_group_ids"} <= inputs_by_type()[
        "aws:rds/cluster:Cluster"
    ]


def test_every_type_with_a_policy_or_rules_is_checked_or_listed() -> None:
    with_access = {token for token, inputs in inputs_by_type().items() if inputs & PROPERTIES}
    listed = {*access_types().can_open, *access_types().cannot_open}
    assert with_access - checked_types() - listed == set()


def test_the_tables_of_types_are_made_once() -> None:
    assert access_types() is access_types()
    assert checked_types() is checked_types()


def test_a_listed_type_exists_and_is_not_checked() -> None:
    listed = {*access_types().can_open, *access_types().cannot_open}
    exact = {token for token in listed if not has_wildcard(token)}
    assert exact <= inputs_by_type().keys()
    assert exact & checked_types() == set()
    assert access_types().can_open.keys() & access_types().cannot_open.keys() == set()


def test_a_checked_type_exists_and_has_the_property_that_is_read() -> None:
    def snake(name: str) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", re.split(r"[\[.]", name)[0]).lower()

    ours = {token for token in checked_types() if token.startswith("aws:")}
    assert ours <= inputs_by_type().keys()
    for table in (ATTACHMENTS, IDENTITY_POLICIES, RESOURCE_POLICIES):
        for token, path in table.items():
            assert snake(path) in inputs_by_type()[token], token
    for token, paths in GRANTEES.items():
        assert set(map(snake, paths)) <= inputs_by_type()[token], token
