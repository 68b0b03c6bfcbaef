"""Actions that are dangerous on every resource."""

import pytest

from policy_pack.aurora_policies.reading.iam_actions import risk_of


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        *(("iam:PassRole", "privilege escalation"), ("IAM:pass*", "privilege escalation")),
        *(("lambda:InvokeFunction", "execution"), ("ecs:Execute*", "execution")),
        *(("sts:AssumeRole", "credentials"), ("rds-db:connect", "credentials")),
        *(("s3:Get*", "data"), ("secretsmanager:getsecretvalue", "data")),
        *(("kms:PutKeyPolicy", "permissions"), ("sns:Add*", "permissions")),
        *(("ec2:CreateVolume", "writes"), ("ec2:createvolume", "writes")),
        *(("ec2:DescribeVolumes", None), ("s3:ListBucket", None), ("CreateVolume", None)),
    ],
)
def test_an_action_has_the_kind_of_harm_that_it_can_do(action: str, kind: str | None) -> None:
    assert risk_of(action) == kind
