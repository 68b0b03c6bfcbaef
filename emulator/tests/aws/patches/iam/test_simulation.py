import json
from collections.abc import Callable
from typing import Any

import pytest

from emulator.testing.requests import ACCOUNT_ID, create_role
from emulator.tests.aws.requests import rejection

pytestmark = pytest.mark.emulator

USER = f"arn:aws:rds-db:us-east-2:{ACCOUNT_ID}:dbuser:cluster-ABC/app"


def statement(effect: str, action: str, resource: str, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def decision(client: Callable[[str], Any], role: str, action: str, resource: str) -> str:
    (result,) = client("iam").simulate_principal_policy(
        PolicySourceArn=role, ActionNames=[action], ResourceArns=[resource]
    )["EvaluationResults"]
    assert (result["EvalActionName"], result["EvalResourceName"]) == (action, resource)
    return result["EvalDecision"]


@pytest.fixture
def role(client: Callable[[str], Any], name: str) -> str:
    return create_role(client("iam"), name, "ecs-tasks.amazonaws.com")


def test_a_role_is_allowed_what_its_policies_allow(
    client: Callable[[str], Any], name: str, role: str
) -> None:
    iam = client("iam")
    assert decision(client, role, "rds-db:connect", USER) == "implicitDeny"
    policy = iam.create_policy(
        PolicyName=name, PolicyDocument=document(statement("Allow", "rds-db:connect", USER))
    )["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn=policy)
    assert decision(client, role, "rds-db:connect", USER) == "allowed"
    assert decision(client, role, "rds-db:connect", f"{USER}2") == "implicitDeny"
    assert decision(client, role, "rds:DescribeDBClusters", "*") == "implicitDeny"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param([statement("Allow", "RDS-DB:*", "*")], "allowed", id="wildcards"),
        pytest.param(
            [statement("Allow", "*", "*"), statement("Deny", "rds-db:connect", USER)],
            "explicitDeny",
            id="deny",
        ),
        pytest.param(
            [{"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::*"}],
            "allowed",
            id="not",
        ),
        pytest.param(
            [{"Effect": "Allow", "NotAction": "rds-db:*", "Resource": "*"}],
            "implicitDeny",
            id="not-action",
        ),
        pytest.param(
            [statement("Allow", "*", "*", Condition={"Bool": {"aws:SecureTransport": "true"}})],
            "implicitDeny",
            id="condition-without-context",
        ),
    ],
)
def test_an_inline_policy_is_evaluated_as_aws_documents(
    client: Callable[[str], Any], name: str, role: str, statements: list[Any], expected: str
) -> None:
    client("iam").put_role_policy(
        RoleName=name, PolicyName="own", PolicyDocument=document(*statements)
    )
    assert decision(client, role, "rds-db:connect", USER) == expected


def test_a_permissions_boundary_limits_what_is_allowed(
    client: Callable[[str], Any], name: str, role: str
) -> None:
    iam = client("iam")
    iam.put_role_policy(
        RoleName=name, PolicyName="own", PolicyDocument=document(statement("Allow", "*", "*"))
    )
    boundary = iam.create_policy(
        PolicyName=name, PolicyDocument=document(statement("Allow", "rds:*", "*"))
    )["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
    assert decision(client, role, "rds:DescribeDBClusters", "*") == "allowed"
    assert decision(client, role, "rds-db:connect", USER) == "implicitDeny"


def test_an_unknown_role_is_rejected(client: Callable[[str], Any]) -> None:
    rejected = rejection(
        client("iam").simulate_principal_policy,
        PolicySourceArn=f"arn:aws:iam::{ACCOUNT_ID}:role/nobody",
        ActionNames=["rds-db:connect"],
    )
    assert (rejected.code, rejected.status) == ("NoSuchEntity", 404)
