"""Policy documents and statements."""

from collections.abc import Mapping, Sequence

PolicyDocument = Mapping[str, object]
Statement = Mapping[str, object]

_VERSION = "2012-10-17"


def policy(*statements: Statement) -> PolicyDocument:
    """Return a policy document."""
    return {"Version": _VERSION, "Statement": list(statements)}


def statement(
    sid: str,
    actions: Sequence[str],
    resources: str | Sequence[str],
    **members: Mapping[str, object] | str,
) -> Statement:
    """Return an Allow statement.

    Args:
        sid: Statement ID.
        actions: Allowed actions.
        resources: One ARN or several.
        members: Further members, such as Principal and Condition.
    """
    listed = resources if isinstance(resources, str) else list(resources)
    return {
        "Sid": sid,
        "Effect": "Allow",
        **members,
        "Action": list(actions),
        "Resource": listed,
    }


def trust_policy(service: str, **members: Mapping[str, object]) -> PolicyDocument:
    """Return a trust policy that lets a service assume a role.

    Args:
        service: Service principal.
        members: Further members, such as Condition.
    """
    return policy(
        {
            "Effect": "Allow",
            "Principal": {"Service": service},
            **members,
            "Action": ["sts:AssumeRole"],
        }
    )
