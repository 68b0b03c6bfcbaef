"""Defects of the IAM policies of users and of their roles."""

import json

from tests.operations.defects.deployed import USER, Defect, Deployed

TASK_ROLE = "dev-trialfinder-ecs-task-role"
EXECUTION_ROLE = "dev-trialfinder-ecs-execution-role"


def _policy_version(deployed: Deployed, resource: str) -> None:
    iam, arn = deployed.client("iam"), deployed.outputs["users"][USER]["connectPolicyArn"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"]
    (statement,) = document["Statement"]
    changed = {**statement, "Resource": [statement["Resource"], resource]}
    iam.create_policy_version(
        PolicyArn=arn,
        PolicyDocument=json.dumps({**document, "Statement": [changed]}),
        SetAsDefault=True,
    )


def _restore_policy(deployed: Deployed) -> None:
    iam, arn = deployed.client("iam"), deployed.outputs["users"][USER]["connectPolicyArn"]
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")


def _inline(deployed: Deployed, resource: str) -> None:
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": resource}
    deployed.client("iam").put_role_policy(
        RoleName=TASK_ROLE,
        PolicyName="by-hand",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )


def _drop_inline(deployed: Deployed) -> None:
    deployed.client("iam").delete_role_policy(RoleName=TASK_ROLE, PolicyName="by-hand")


def _replace_attachment(deployed: Deployed) -> None:
    arn, o = deployed.outputs["users"][USER]["connectPolicyArn"], deployed.outputs
    resource = f"arn:aws:rds-db:*:*:dbuser:{o['clusterResourceId']}/{USER}"
    _inline(deployed, resource)
    deployed.client("iam").detach_role_policy(RoleName=TASK_ROLE, PolicyArn=arn)


def _attach_again(deployed: Deployed) -> None:
    arn = deployed.outputs["users"][USER]["connectPolicyArn"]
    deployed.client("iam").attach_role_policy(RoleName=TASK_ROLE, PolicyArn=arn)
    _drop_inline(deployed)


def _detach_secret_policy(deployed: Deployed) -> None:
    iam = deployed.client("iam")
    (row,) = iam.list_attached_role_policies(RoleName=EXECUTION_ROLE)["AttachedPolicies"]
    deployed.found["policy"] = row["PolicyArn"]
    iam.detach_role_policy(RoleName=EXECUTION_ROLE, PolicyArn=row["PolicyArn"])


def _attach_secret_policy(deployed: Deployed) -> None:
    deployed.client("iam").attach_role_policy(
        RoleName=EXECUTION_ROLE, PolicyArn=deployed.found["policy"]
    )


DEFECTS = (
    Defect(
        "an inline policy replaces the platform's",
        {"connect-policy-attached": "none"},
        _replace_attachment,
        _attach_again,
    ),
    Defect(
        "the policy covers another cluster too",
        {
            "connect-policy-exact": "trialfinder_app: Allow rds-db:connect "
            "arn:aws:rds-db:us-east-2:1:dbuser:other/*"
        },
        lambda d: _policy_version(d, "arn:aws:rds-db:us-east-2:1:dbuser:other/*"),
        _restore_policy,
    ),
    Defect(
        "an inline policy allows every database user",
        {"connect-sufficient": f"{TASK_ROLE} as aurora_master: allowed"},
        lambda d: _inline(d, "*"),
        _drop_inline,
    ),
    Defect(
        "the execution role loses its policy",
        {"secret-readable": "implicitDeny"},
        _detach_secret_policy,
        _attach_secret_policy,
    ),
)
