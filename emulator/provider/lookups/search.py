"""Searches of EC2."""

from collections.abc import Mapping
from typing import Any

from emulator.provider.protocol.errors import RejectedError
from emulator.provider.protocol.properties import Properties


def only(kind: str, found: list[Any]) -> Properties:
    """Return the only match.

    The messages are those of hashicorp/terraform-provider-aws, internal/tfresource,
    SingularDataSourceFindError.

    Args:
        kind: Terraform's name of the resource, `EC2 VPC`.
        found: All matches.

    Raises:
        RejectedError: none or several match.
    """
    if not found:
        message = f"no matching {kind} found"
        raise RejectedError(message)
    if len(found) > 1:
        message = (
            f"multiple {kind}s matched; use additional constraints to reduce matches to a single "
            f"{kind}"
        )
        raise RejectedError(message)
    return found[0]


def search(
    arguments: Properties,
    filters: Mapping[str, Any],
    ids_member: str = "",
    id_argument: str = "",
) -> Properties:
    """Return an EC2 request with filters, tags, the program's own filters and an id."""
    tags: Properties = arguments.get("tags") or {}
    own: list[Properties] = arguments.get("filters") or []
    wanted = {**filters, **{f"tag:{key}": value for key, value in tags.items()}}
    written = ec2_filters(wanted)
    written += [{"Name": one["name"], "Values": one["values"]} for one in own]
    request: Properties = {"Filters": written or None}
    if id_argument and arguments.get(id_argument):
        request[ids_member] = [arguments[id_argument]]
    return request


def ec2_filters(wanted: Mapping[str, Any]) -> list[Properties]:
    """Return the values that are set as EC2 filters."""
    return [
        {"Name": name, "Values": [str(value).lower() if value is True or value is False else value]}
        for name, value in wanted.items()
        if value is not None
    ]
