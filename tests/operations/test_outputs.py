"""Outputs on users."""

from operations.outputs import parse_outputs
from tests.operations.examples import OUTPUTS


def test_users_have_a_policy_or_a_secret() -> None:
    users = {
        "app": {"authentication": "iam", "connectPolicyArn": "arn:policy", "secretArn": None},
        "reports": {"authentication": "password", "connectPolicyArn": None, "secretArn": "arn:s"},
    }
    parsed = parse_outputs({**OUTPUTS, "users": users}, "the test")
    assert parsed.iam_users == ["app"]
    assert parsed.secret_arns == {"master": OUTPUTS["masterSecretArn"], "reports": "arn:s"}
