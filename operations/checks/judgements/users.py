"""Judgements of the group `users`."""

from typing import Any

from operations.checks.facts.database import DatabaseState
from operations.checks.judgement import Judgement, NotApplicableError, equal
from operations.outputs import StackOutputs

IAM_GROUP = "rds_iam"
CLONE_SUFFIX = "_clone"
"""A user with a password alternates with a clone of this name (docs/connecting.md)."""


def master_without_iam(outputs: StackOutputs, state: DatabaseState) -> Judgement:
    """The master user logs in with its password: membership in rds_iam would disable it."""
    master = outputs.declared_state.master_username
    if master not in state.iam_roles:
        return equal("not a member", "not a member", IAM_GROUP)
    _, groups = state.roles[master]
    between = [] if IAM_GROUP in groups else sorted(groups & state.iam_roles)
    through = f", through {' or '.join(between)}" if between else ""
    return equal("not a member", "a member", f"{IAM_GROUP}{through}")


def users_declared(_: StackOutputs, outputs: dict[str, Any], state: DatabaseState) -> Judgement:
    """Every declared user may log in, the way and with exactly the access that is declared."""
    declared: dict[str, dict[str, Any]] | None = outputs.get("users")
    if declared is None:
        message = "the stack has no output `users`"
        raise NotApplicableError(message)
    expected = {name: _declared(user) for name, user in declared.items()}
    return equal(expected, {name: _found(state, name, declared[name]) for name in expected})


def _declared(user: dict[str, Any]) -> str:
    return " ".join([str(user["authentication"]), *_groups(user)])


def _groups(user: dict[str, Any]) -> list[str]:
    """Return the group roles that give a user its access, one for each database."""
    return [f"{database}_{user['access']}" for database in user.get("databases", [])]


def _found(state: DatabaseState, name: str, user: dict[str, Any]) -> str:
    if name not in state.roles:
        return "does not exist"
    may_log_in, memberships = state.roles[name]
    if not may_log_in:
        return "may not log in"
    authentication = "iam" if name in state.iam_roles else "password"
    return " ".join([authentication, *_held(state, name, memberships, _groups(user))])


def _held(
    state: DatabaseState, name: str, memberships: frozenset[str], declared: list[str]
) -> list[str]:
    """Return the groups of a user and its clone: declared ones first, then all others.

    The setup revokes every membership that is not declared, hence each is more than declared.
    """
    _, of_clone = state.roles.get(name + CLONE_SUFFIX, (False, frozenset[str]()))
    others = (memberships | of_clone) - {IAM_GROUP, name, *declared}
    return [*(each for each in declared if each in memberships), *sorted(others)]
