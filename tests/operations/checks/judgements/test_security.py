"""Judgements on security group rules, encryption, roles and policies."""

from typing import Any

import pytest

from operations.checks.facts.database import Attempt
from operations.checks.judgement import Judgement, NotApplicableError
from operations.checks.judgements import security
from operations.outputs import parse_outputs
from tests.operations.checks.judgements.examples import outputs
from tests.operations.examples import OUTPUTS

KEY = OUTPUTS["kmsKeyArn"]


ROLE = "arn:aws:iam::123456789012:role/dev-s3"


@pytest.mark.parametrize(
    ("rows", "passed"),
    [
        ([{"FeatureName": "s3Import", "RoleArn": ROLE, "Status": "ACTIVE"}], True),
        ([{"FeatureName": "s3Import", "RoleArn": ROLE, "Status": "INVALID"}], False),
        ([{"FeatureName": "s3Export", "RoleArn": ROLE, "Status": "ACTIVE"}], False),
        ([], False),
    ],
)
def test_a_declared_role_must_be_active_for_its_feature(
    rows: list[dict[str, str]], passed: bool
) -> None:
    declared = outputs(iamRoles={"s3Import": ROLE})
    assert security.associated_roles(declared, {"AssociatedRoles": rows}).passed is passed


def test_a_cluster_without_declared_roles_has_none() -> None:
    assert security.associated_roles(outputs(), {}).passed is True


@pytest.mark.parametrize(
    ("cluster", "found"),
    [
        ({"StorageEncrypted": False}, "not encrypted"),
        ({"StorageEncrypted": True, "KmsKeyId": "arn:other"}, "arn:other"),
        ({"StorageEncrypted": True, "KmsKeyId": KEY}, KEY),
    ],
)
def test_storage_must_be_encrypted_with_the_platforms_key(
    cluster: dict[str, Any], found: str
) -> None:
    judged = security.storage_encrypted(outputs(), cluster)
    assert judged == Judgement(found == KEY, KEY, found)


def test_the_rotation_of_an_existing_key_is_its_owners_decision() -> None:
    with pytest.raises(NotApplicableError, match="the key is not the platform's own"):
        security.key_rotation(outputs(createsKey=False), {"KeyRotationEnabled": False})


def rule(**members: Any) -> dict[str, Any]:
    return {"IsEgress": False, "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, **members}


@pytest.mark.parametrize(
    ("extra", "found"),
    [
        (rule(CidrIpv6="::/0"), "ingress tcp 5432 from ::/0"),
        (rule(PrefixListId="pl-1"), "ingress tcp 5432 from pl-1"),
        (rule(FromPort=0, ToPort=65535, CidrIpv4="10.0.0.0/8"), "ingress tcp 0-65535 from 10."),
        (rule(IpProtocol="-1", FromPort=-1, ToPort=-1, CidrIpv4="0.0.0.0/0"), "ingress -1 -1 from"),
        (rule(IsEgress=True, CidrIpv4="0.0.0.0/0"), "egress tcp 5432 to 0.0.0.0/0"),
    ],
)
def test_any_further_rule_is_found(extra: dict[str, Any], found: str) -> None:
    own = OUTPUTS["securityGroupId"]
    declared = [
        *(
            rule(ReferencedGroupInfo={"GroupId": group})
            for group in (*OUTPUTS["declaredState"]["clientSecurityGroupIds"], own)
        ),
        rule(IsEgress=True, ReferencedGroupInfo={"GroupId": own}),
    ]
    assert security.security_group_rules(outputs(), declared).passed is True
    judged = security.security_group_rules(outputs(), [*declared, extra])
    assert judged.passed is False
    assert f"not declared: {found}" in judged.evidence


def test_https_is_open_for_declared_roles_only() -> None:
    https = rule(IsEgress=True, FromPort=443, ToPort=443, CidrIpv4="0.0.0.0/0")
    for roles, declared in (({}, False), ({"s3Import": ROLE}, True)):
        judged = security.security_group_rules(outputs(iamRoles=roles), [https])
        assert ("egress tcp 443 to 0.0.0.0/0" in judged.expected) is declared


def test_a_policy_with_a_condition_or_a_wildcard_is_not_exact() -> None:
    resource = (
        f"arn:aws:rds-db:us-east-2:123456789012:dbuser:{OUTPUTS['clusterResourceId']}/"
        "trialfinder_app"
    )
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": resource}
    for changed, passed in (
        (statement, True),
        ({**statement, "Resource": "*"}, False),
        ({**statement, "Action": ["rds-db:connect", "rds:*"]}, False),
        ({**statement, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
    ):
        judged = security.connect_policy_exact(
            outputs(), {"trialfinder_app": {"Statement": [changed]}}
        )
        assert judged.passed is passed


def test_a_wrong_password_does_not_prove_that_tls_is_required() -> None:
    wrong = Attempt("1", 'password authentication failed for user "aurora_master"')
    assert security.tls_refused_without(outputs(), wrong).passed is False
    right = Attempt("1", 'no pg_hba.conf entry for host "10.0.0.1", no encryption')
    assert security.tls_refused_without(outputs(), right).passed is True


def test_a_stack_without_iam_users_has_no_policies_to_check() -> None:
    for judge in (
        security.connect_policy_attached,
        security.connect_policy_exact,
        security.connect_sufficient,
    ):
        with pytest.raises(NotApplicableError, match="no user logs in with IAM"):
            judge(parse_outputs({**OUTPUTS, "users": {}}, "the test"), {})
