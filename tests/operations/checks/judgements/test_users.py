"""Judgements on the users of the database."""

import pytest

from components.database_functions.rotation import settings
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


@pytest.mark.parametrize(
    ("groups", "of_clone", "found"),
    [
        ({"shop_readwrite"}, {"app"}, "app=password shop_readwrite"),
        (
            {"shop_readwrite", "shop_owner", "pg_read_all_data"},
            {"app"},
            "app=password shop_readwrite pg_read_all_data shop_owner",
        ),
        ({"shop_readwrite"}, {"app", "shop_owner"}, "app=password shop_readwrite shop_owner"),
    ],
)
def test_a_declared_user_has_neither_less_nor_more_access_than_declared(
    groups: set[str], of_clone: set[str], found: str
) -> None:
    declared = {"authentication": "password", "access": "readwrite", "databases": ["shop"]}
    state = database_state(
        roles={"app": (True, frozenset(groups)), "app_clone": (True, frozenset(of_clone))}
    )
    expected = "app=password shop_readwrite"
    assert users.users_declared(outputs(), {"users": {"app": declared}}, state) == Judgement(
        found == expected, expected, found
    )


def test_the_clone_of_a_user_is_the_one_that_the_setup_creates() -> None:
    assert users.CLONE_SUFFIX == settings.CLONE_SUFFIX
