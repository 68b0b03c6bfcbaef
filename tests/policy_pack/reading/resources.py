"""Resources as checks see them, for tests of their readers."""

from typing import Any

from policy_pack.aurora_policies.reading.resources import Resource


def declared(type_: str, **properties: Any) -> Resource:
    """Return a resource with these inputs."""
    return Resource(type_, f"urn:{type_}", "subject", properties)


def created(type_: str, arn: Any, **properties: Any) -> Resource:
    """Return a resource with these inputs and an ARN."""
    return Resource(type_, f"urn:{type_}", "subject", properties, outputs={"arn": arn})
