"""Runs of the package under mocks, and the arguments with which it is the project's own program."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import yaml
from pydantic.alias_generators import to_camel

from package.arguments import GROUPS, TOP_LEVEL
from package.provider import AuroraDataPlatformProvider
from package.schema import TOKEN
from tools.repository import ROOT
from tools.testing.recorder import Recording, record

NETWORK: Mapping[str, Any] = {
    "vpcId": "vpc-1",
    "subnetIds": ["subnet-a", "subnet-b", "subnet-c"],
}
"""What the recorder's lookups find for the stacks of this project."""
CLIENT_SECURITY_GROUP_ID = "sg-client"

_PREFIX = "aurora-data-platform:"


def stack_arguments(
    stack: str, network: Mapping[str, Any], *, client_security_group_id: Any
) -> dict[str, Any]:
    """Return the package's arguments for what a stack file of this project configures.

    Args:
        stack: `dev` or `prod`.
        network: The arguments `vpcId` and `subnetIds`, which the stack files look up by tags.
        client_security_group_id: ID of the stack's client security group, which it names.
    """
    text = (ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    config: dict[str, Any] = {
        key.removeprefix(_PREFIX): value
        for key, value in yaml.safe_load(text)["config"].items()
        if key.startswith(_PREFIX)
    }
    (client,) = config["clientSecurityGroups"]
    config |= {**network, "clientSecurityGroupIds": {client: client_security_group_id}}
    arguments: dict[str, Any] = {}
    for group in GROUPS:
        members = {key: config[key] for key in map(to_camel, group.members) if key in config}
        if group.name == TOP_LEVEL:
            arguments |= members
        elif members:
            arguments[group.name] = members
    return arguments


def as_sent(value: Any) -> Any:
    """Return a value as the engine sends it: every number is a float."""
    if isinstance(value, dict):
        return {key: as_sent(each) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [as_sent(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    return float(value) if type(value) is int else value


@cache
def _provider() -> AuroraDataPlatformProvider:
    """Return the provider: it builds the whole schema and keeps no state."""
    return AuroraDataPlatformProvider()


def construct(
    arguments: Mapping[str, Any] | Callable[[], Mapping[str, Any]],
    *,
    name: str = "aurora",
    answers: Mapping[str, Any] | None = None,
    preview: bool = False,
) -> Recording:
    """Let the package construct its component under mocks.

    Args:
        arguments: Properties of the resource, or a function that returns them while the program
            runs, which outputs need.
        name: Its logical name.
        answers: Results of lookups, see `Recording.answers`.
        preview: True to run as a preview.
    """

    def build() -> Mapping[str, Any]:
        given = as_sent(dict(arguments() if callable(arguments) else arguments))
        constructed = _provider().construct(name, TOKEN, given, None)
        return constructed.state

    return record(build, answers=answers, preview=preview)
