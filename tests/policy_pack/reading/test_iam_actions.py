"""Actions that are dangerous on every resource."""

from policy_pack.aurora_policies.reading.iam_actions import risk_of


def test_an_action_has_the_kind_of_harm_that_it_can_do() -> None:
    expected: list[tuple[str, str | None]] = [
        *(("iam:PassRole", "privilege escalation"), ("IAM:pass*", "privilege escalation")),
        *(("lambda:InvokeFunction", "execution"), ("ecs:Execute*", "execution")),
        *(("sts:AssumeRole", "credentials"), ("rds-db:connect", "credentials")),
        *(("s3:Get*", "data"), ("secretsmanager:getsecretvalue", "data")),
        *(("kms:PutKeyPolicy", "permissions"), ("sns:Add*", "permissions")),
        *(("ec2:CreateVolume", "writes"), ("ec2:createvolume", "writes")),
        *(("ec2:DescribeVolumes", None), ("s3:ListBucket", None), ("CreateVolume", None)),
    ]
    assert [(action, risk_of(action)) for action, _ in expected] == expected
