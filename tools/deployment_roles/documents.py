"""Generation of the IAM policies from the actions that the provider needs."""

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tools.repository import ROOT, read_yaml

ROLES = ("preview", "drift", "deploy", "drill", "backups")
"""`backups` is not a role, but a second policy of the deploy role of a stack with a backup plan."""
_BACKUPS = "backup."
"""Prefix of the types whose changes are in the second policy."""
Document = dict[str, Any]
_VERBS = ROOT / "operations/verbs/permissions.yaml"


class UnmatchedActionError(Exception):
    """An action that no statement in statements.yaml matches."""


def load(name: str) -> dict[str, Any]:
    """Load a data file of this package."""
    return read_yaml(Path(__file__).parent / name)


def needed_actions() -> dict[str, set[str]]:
    """Return the actions of each policy of Pulumi; `verify` runs with that of deployments."""
    table = load("actions.yaml")
    types: Mapping[str, Mapping[str, list[str]]] = table["types"]
    backups = {name for name in types if name.startswith(_BACKUPS)}

    def of(access: str, names: Iterable[str]) -> set[str]:
        return set[str]().union(*(types[name][access] for name in names))

    others = types.keys() - backups
    verify = _recorded("verify")
    of_backups = {action for action in verify if action.startswith("backup:")}
    preview = set(table["configuration"]).union(*table["lookups"].values())
    deploy = preview | of("read", others) | of("write", others) | (verify - of_backups)
    return {
        "preview": preview,
        "drift": preview | of("read", types),
        "deploy": deploy,
        "backups": of("read", backups) | of("write", backups) | of_backups,
    }


def documents() -> dict[str, Document]:
    """Return the policy of each role.

    Raises:
        UnmatchedActionError: an action has no statement.
    """
    table = load("statements.yaml")
    needed = needed_actions()
    return {
        role: {
            "Version": "2012-10-17",
            "Statement": [
                *(
                    _statement(each, each["actions"])
                    for each in table["state"]
                    if role in each["roles"]
                ),
                *(
                    _statements(table.get(role, table["resources"]), needed[role])
                    if role in needed
                    else [_statement(each, each["actions"]) for each in table[role]]
                ),
            ],
        }
        for role in ROLES
    }


def _recorded(verb: str) -> set[str]:
    """Return the actions that a day-2 command was seen to call."""
    listed: dict[str, list[str]] = read_yaml(_VERBS)
    return set(listed[verb])


def text(document: Document) -> str:
    """Return a document as it is stored in docs/ci."""
    return json.dumps(document, indent=2) + "\n"


def _statements(rows: list[Mapping[str, Any]], actions: Iterable[str]) -> list[Document]:
    chosen: dict[str, list[str]] = {row["sid"]: [] for row in rows}
    for action in sorted(actions):
        chosen[_sid(rows, action)].append(action)
    return [_statement(row, chosen[row["sid"]]) for row in rows if chosen[row["sid"]]]


def _sid(rows: list[Mapping[str, Any]], action: str) -> str:
    for row in rows:
        if any(fnmatchcase(action, pattern) for pattern in row["match"]):
            return row["sid"]
    raise UnmatchedActionError(action)


def _statement(row: Mapping[str, Any], actions: list[str]) -> Document:
    condition = {"Condition": row["condition"]} if "condition" in row else {}
    return {
        "Sid": row["sid"],
        "Effect": "Allow",
        "Action": actions,
        "Resource": row["resources"],
        **condition,
    }
