r"""Writes a policy configuration under which a plan must not delete or replace a stack's data.

    pulumi stack export --stack prod \
      | python policy_pack/keep_data.py policy_pack/config/prod.json > policies.json
    pulumi preview --stack prod --policy-pack policy_pack --policy-pack-config policies.json

It reads the state from standard input and writes the configuration to standard output. It keeps
names, types, URNs and ARNs only, and needs nothing but Python.
"""

import argparse
import json
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

from aurora_policies.reading.resource_types import CLUSTER_INSTANCE, DATA

CONTROL = "data-is-kept"


class UnknownNameError(ValueError):
    """A name given with --allow is not among the kept resources."""


def kept_data(state: Any, allowed: Collection[str]) -> list[dict[str, str]]:
    """Return what must be kept.

    Args:
        state: What `pulumi stack export` prints.
        allowed: Logical names of the resources that this run may delete or replace.

    Raises:
        UnknownNameError: A name of `allowed` is not in the state.
    """
    deployment: dict[str, Any] = state.get("deployment") or {}
    resources: list[dict[str, Any]] = deployment.get("resources") or []
    rows = [
        _row(resource, resource["outputs"])
        for resource in resources
        if resource["type"] in DATA and _is_managed(resource) and "arn" in resource["outputs"]
    ]
    unknown = sorted(set(allowed) - {row["name"] for row in rows})
    if unknown:
        known = ", ".join(sorted(row["name"] for row in rows)) or "nothing"
        message = f"--allow {', '.join(unknown)}: not among the kept resources: {known}"
        raise UnknownNameError(message)
    return [row for row in rows if row["name"] not in allowed]


def _is_managed(resource: dict[str, Any]) -> bool:
    """Return whether the stack owns a resource: not one that it only reads or already deletes."""
    return not resource.get("external") and not resource.get("delete")


def _row(resource: dict[str, Any], outputs: dict[str, Any]) -> dict[str, str]:
    urn: str = resource["urn"]
    row: dict[str, str] = {
        "name": urn.rpartition("::")[2],
        "type": resource["type"],
        "urn": urn,
        "arn": outputs["arn"],
    }
    if resource["type"] == CLUSTER_INSTANCE:
        row["group"] = f"an instance of {outputs['clusterIdentifier']}"
    return row


def main() -> int:
    """Read the arguments and the state, and write the configuration."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("configuration", type=Path, help="policy configuration to extend")
    parser.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="NAME",
        help="logical name of a resource that this run may delete or replace; may be repeated",
    )
    arguments = parser.parse_args()
    try:
        configuration = json.loads(arguments.configuration.read_text(encoding="utf-8"))
        kept = kept_data(json.load(sys.stdin), arguments.allow)
    except (OSError, ValueError) as error:
        print(f"keep_data: {error}", file=sys.stderr)
        return 2
    configuration[CONTROL] = {**configuration.get(CONTROL, {}), "kept": kept}
    print(json.dumps(configuration, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
