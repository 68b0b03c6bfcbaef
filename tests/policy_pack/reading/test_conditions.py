"""Conditions of policy statements: what they limit, and whom they name."""

from typing import Any

import pytest

from policy_pack.aurora_policies.reading import conditions
from policy_pack.aurora_policies.reading.values import UNKNOWN, Value

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"


def equals(**keys: Any) -> Value:
    """A condition; `aws_sourcearn` stands for the key `aws:sourcearn`."""
    return {"StringEquals": {key.replace("_", ":", 1): value for key, value in keys.items()}}


@pytest.mark.parametrize(
    ("condition", "unknown"),
    [
        *((UNKNOWN, True), ({"StringEquals": UNKNOWN}, True)),
        *((None, False), ("text", False), ({}, False), (equals(aws_sourcearn=UNKNOWN), False)),
    ],
)
def test_a_condition_is_unknown_or_has_an_unknown_operator(
    condition: Value, *, unknown: bool
) -> None:
    assert conditions.may_hold_unknown(condition) is unknown
    # Whatever is asked, the unknown part may be the answer.
    assert conditions.limits_callers(condition) is (
        unknown or condition == equals(aws_sourcearn=UNKNOWN)
    )
    assert conditions.limits_resources(condition) is unknown
    assert conditions.limits_subject(condition, audience=False) is unknown


@pytest.mark.parametrize(
    ("arn", "account"),
    [
        (ROLE, ACCOUNT),
        (f"arn:aws:secretsmanager:us-east-2:{ACCOUNT}:secret:x", ACCOUNT),
        *(("arn:aws:s3:::logs", ""), (f"arn:aws:iam::{ACCOUNT}", ""), ("arn:aws", ""), ("", "")),
        (f"x:arn:iam:x:{ACCOUNT}:role", ""),
    ],
)
def test_the_account_of_an_arn_is_its_fifth_field(arn: str, account: str) -> None:
    assert conditions.account_of(arn) == account


def test_a_condition_limits_the_callers() -> None:
    examples: list[Value] = [
        *(equals(aws_SourceAccount=ACCOUNT), equals(aws_sourceaccount=int(ACCOUNT))),
        *(equals(aws_sourcearn=ROLE), equals(aws_sourcearn="arn:aws:s3:::logs")),
        *(equals(aws_sourceorgid="o-1"), equals(aws_sourceorgpaths="o-1/r-1/*")),
        *(equals(aws_sourcevpc="vpc-1"), equals(aws_sourceip="10.0.0.0/8")),
        *(equals(aws_sourceaccount=UNKNOWN), equals(aws_sourceaccount=["*", UNKNOWN])),
        equals(kms_viaservice="rds", aws_sourceaccount=ACCOUNT),
    ]
    assert [condition for condition in examples if not conditions.limits_callers(condition)] == []


def test_a_condition_does_not_limit_the_callers() -> None:
    examples: list[Value] = [
        *(equals(aws_sourceaccount="*"), equals(aws_sourceaccount=[ACCOUNT, "*"])),
        *(equals(aws_sourceaccount=[]), equals(aws_sourceaccount=None)),
        *(equals(aws_sourcearn=f"arn:aws:sns:us-east-2:{ACCOUNT[:-1]}?:x"),),
        *(equals(aws_sourcearn="arn:aws:s3:::*"), equals(aws_sourcearn="*")),
        *(equals(aws_sourceorgid="o-*"), equals(aws_sourceorgpaths="o-*/r-1")),
        *(equals(aws_sourcevpc="vpc-*"), equals(aws_sourcevpc="${a}"), equals(aws_sourcevpc="")),
        *(equals(aws_sourceip="0.0.0.0/0"), equals(kms_viaservice=UNKNOWN)),
        *({"StringEquals": "text"}, "text", None),
        *(
            {operator: {"aws:sourceaccount": value}}
            for operator in ("StringNotEquals", "StringEqualsIfExists", "Null")
            for value in (ACCOUNT, UNKNOWN)
        ),
    ]
    assert [condition for condition in examples if conditions.limits_callers(condition)] == []


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        *((equals(aws_principalarn=ROLE), True), (equals(aws_principalarn=UNKNOWN), True)),
        (UNKNOWN, True),
        *((equals(aws_principalarn=f"arn:aws:iam::{ACCOUNT}:role/*"), False),),
        *((equals(aws_principalarn="arn:aws-cn:*"), False), (equals(aws_principalarn=[]), False)),
        *((equals(aws_principalarn=[ROLE, "*"]), False), (equals(aws_sourcearn=ROLE), False)),
        *((equals(aws_sourcearn=UNKNOWN), False), (None, False)),
        *(({"ArnNotEquals": {"aws:principalarn": value}}, False) for value in (ROLE, UNKNOWN)),
    ],
)
def test_callers_are_limited_to_identities_by_their_arn(
    condition: Value, *, expected: bool
) -> None:
    assert conditions.limits_identities(condition) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        *(({"StringEquals": {"aws:ResourceTag/Project": "x"}}, True),),
        *((equals(iam_passedtoservice="lambda"), True), (equals(ec2_vpc=UNKNOWN), True)),
        *((equals(ec2_vpc=["x", UNKNOWN]), True), (equals(ec2_vpc=["*", UNKNOWN]), True)),
        *((equals(ec2_vpc="*"), False), (equals(ec2_vpc=["x", "*"]), False)),
        *((equals(ec2_vpc=[]), False), (equals(aws_requestedregion="us-east-2"), False)),
        *((equals(aws_requestedregion=UNKNOWN), False), (None, False)),
        *(({"StringNotEquals": {"ec2:vpc": value}}, False) for value in ("x", UNKNOWN)),
    ],
)
def test_a_condition_limits_the_resources_by_a_key_of_resources(
    condition: Value, *, expected: bool
) -> None:
    assert conditions.limits_resources(condition) is expected


@pytest.mark.parametrize(
    ("condition", "audience", "expected"),
    [
        *((equals(host_sub="repo:acme/infra:*"), each, True) for each in (True, False)),
        *((equals(host_aud="pool"), each, each) for each in (True, False)),
        *((equals(host_sub=UNKNOWN), False, True), (equals(host_azp=UNKNOWN), True, False)),
        *((equals(host_sub="repo:*/infra"), False, False), (equals(host_sub="*"), False, False)),
        *((equals(host_sub=["a", "*"]), False, False), (equals(host_sub=[]), False, False)),
        *(({"StringNotEquals": {"host:sub": each}}, False, False) for each in ("a", UNKNOWN)),
        (None, True, False),
    ],
)
def test_a_subject_is_limited_up_to_its_owner(
    condition: Value, *, audience: bool, expected: bool
) -> None:
    assert conditions.limits_subject(condition, audience=audience) is expected


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        (equals(aws_sourceaccount=[ACCOUNT, "1"]), [ACCOUNT, "1"]),
        (equals(aws_sourcearn=ROLE), [ACCOUNT]),
        (equals(aws_principalorgid="o-1"), ["o-1"]),
        (equals(aws_principalorgpaths="o-1/r-1/*"), ["o-1"]),
        (equals(aws_sourcevpc="vpc-1"), []),
        (equals(kms_viaservice="rds"), []),
        ({"StringNotEquals": {"aws:sourceaccount": ACCOUNT}}, []),
        (
            {"Null": {"aws:sourceaccount": "1"}, "StringEquals": {"aws:sourceaccount": ACCOUNT}},
            [ACCOUNT],
        ),
        (UNKNOWN, []),
    ],
)
def test_a_condition_names_accounts_and_organizations(condition: Value, named: list[str]) -> None:
    assert list(conditions.grantees_of(condition)) == named
