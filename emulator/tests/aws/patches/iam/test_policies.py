import json
from collections.abc import Callable
from typing import Any

import pytest

from emulator.aws.patches.iam.policies import MANAGED_POLICIES
from emulator.testing.requests import create_role
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

_SERVICE_ROLE = "arn:aws:iam::aws:policy/service-role/"


def test_the_loaded_managed_policies_can_be_attached(
    client: Callable[[str], Any], name: str
) -> None:
    iam = client("iam")
    create_role(iam, name, "monitoring.rds.amazonaws.com")
    arns = [f"{_SERVICE_ROLE}{policy}" for policy in MANAGED_POLICIES]
    for arn in arns:
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert sorted(policy["PolicyArn"] for policy in attached) == arns


def test_a_managed_policy_that_does_not_exist_is_rejected(
    client: Callable[[str], Any], name: str
) -> None:
    iam = client("iam")
    create_role(iam, name, "monitoring.rds.amazonaws.com")
    arn = f"{_SERVICE_ROLE}AmazonRDSEnhancedMonitoringRol"
    assert rejection(iam.attach_role_policy, RoleName=name, PolicyArn=arn) == Rejection(
        "NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", 404
    )


_DOCUMENT = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}],
    }
)


def test_a_policy_in_use_is_not_deleted(client: Callable[[str], Any], name: str) -> None:
    iam = client("iam")
    create_role(iam, name, "ecs-tasks.amazonaws.com")
    arn = iam.create_policy(PolicyName=name, PolicyDocument=_DOCUMENT)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    assert rejection(iam.delete_policy, PolicyArn=arn) == Rejection(
        "DeleteConflict", "Cannot delete a policy attached to entities.", 409
    )
    iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=_DOCUMENT, SetAsDefault=True)
    assert rejection(iam.delete_policy, PolicyArn=arn) == Rejection(
        "DeleteConflict",
        "This policy has more than one version. Before you delete a policy, you must delete the "
        "policy's versions. The default version is deleted with the policy.",
        409,
    )
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)
    assert rejection(iam.get_policy, PolicyArn=arn).code == "NoSuchEntity"


def test_a_second_policy_of_the_same_name_is_rejected(
    client: Callable[[str], Any], name: str
) -> None:
    iam = client("iam")
    iam.create_policy(PolicyName=name, PolicyDocument=_DOCUMENT)
    answered = rejection(iam.create_policy, PolicyName=name, PolicyDocument=_DOCUMENT)
    assert (answered.code, answered.status) == ("EntityAlreadyExists", 409)


def _document_of(characters: int) -> str:
    """Return a document of a size that IAM counts, and of more characters with white space."""
    statement = {"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "arn:aws:sts:::"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    statement["Resource"] += "a" * (characters - len(json.dumps(document, separators=(",", ":"))))
    return json.dumps(document, indent=4)


def test_a_policy_beyond_the_quota_is_rejected(client: Callable[[str], Any], name: str) -> None:
    iam = client("iam")
    rejected = Rejection("LimitExceeded", "Cannot exceed quota for PolicySize: 6144", 409)
    fits, exceeds = _document_of(6144), _document_of(6145)
    assert rejection(iam.create_policy, PolicyName=name, PolicyDocument=exceeds) == rejected
    arn = iam.create_policy(PolicyName=name, PolicyDocument=fits)["Policy"]["Arn"]
    version = {"PolicyArn": arn, "SetAsDefault": True}
    assert rejection(iam.create_policy_version, PolicyDocument=exceeds, **version) == rejected
    iam.create_policy_version(PolicyDocument=fits, **version)


def test_a_role_has_at_most_ten_policies(client: Callable[[str], Any], name: str) -> None:
    iam = client("iam")
    create_role(iam, name, "ecs-tasks.amazonaws.com")
    arns = [
        iam.create_policy(PolicyName=f"{name}-{number}", PolicyDocument=_DOCUMENT)["Policy"]["Arn"]
        for number in range(11)
    ]
    for arn in [*arns[:10], arns[0]]:
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    assert rejection(iam.attach_role_policy, RoleName=name, PolicyArn=arns[10]) == Rejection(
        "LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10", 409
    )
    iam.detach_role_policy(RoleName=name, PolicyArn=arns[0])
    iam.attach_role_policy(RoleName=name, PolicyArn=arns[10])
