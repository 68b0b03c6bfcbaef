"""Judgements on the users of the database."""

import pytest

from operations.checks.judgement import Judgement
from operations.checks.judgements import users
from tests.operations.checks.judgements.examples import database_state, outputs


@pytest.mark.parametrize(
    ("groups", "iam_roles", "found", "evidence"),
    [
        # The creator of an IAM user is a member of it with ADMIN OPTION only.
        ({"app"}, {"rds_iam", "app"}, "not a member", "rds_iam"),
        ({"app", "rds_iam"}, {"rds_iam", "app", "aurora_master"}, "a member", "rds_iam"),
        (
            {"app", "rds_superuser", "reports"},
            {"rds_iam", "app", "reports", "aurora_master"},
            "a member",
            "rds_iam, through app or reports",
        ),
    ],
)
def test_the_master_user_must_not_have_rds_iam_through_another_role_either(
    groups: set[str], iam_roles: set[str], found: str, evidence: str
) -> None:
    state = database_state(
        roles={"aurora_master": (True, frozenset(groups))}, iam_roles=frozenset(iam_roles)
    )
    assert users.master_without_iam(outputs(), state) == Judgement(
        found == "not a member", "not a member", found, evidence
    )
