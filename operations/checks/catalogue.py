"""The catalogue of checks: `catalogue.yaml`, the facts that they need, and their judgements."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict

from operations.checks.facts import aws, database
from operations.checks.facts import reachability as reachability_facts
from operations.checks.facts.reading import Reader
from operations.checks.judgement import Judgement
from operations.checks.judgements import (
    backups,
    cross_stack,
    infrastructure,
    monitoring,
    parameters,
    reachability,
    secrets,
    security,
    users,
)
from operations.data_files import read_data

GROUPS: Mapping[str, ModuleType] = {
    "infrastructure": infrastructure,
    "security": security,
    "monitoring": monitoring,
    "backups": backups,
    "secrets": secrets,
    "parameters": parameters,
    "users": users,
    "cross-stack": cross_stack,
    "reachability": reachability,
}
"""Groups of checks, in the order of reports, and the modules of their judgements."""

CONNECTS = "tcp"
"""Marks a fact that needs a connection to the database."""

_READERS: Mapping[str, ModuleType] = {
    **dict.fromkeys(("secret_values", "logins", "plain_login", "database"), database),
    "reachability": reachability_facts,
}


class Severity(StrEnum):
    """Effect of a failed check on the command."""

    ERROR = "error"
    """It fails."""
    WARNING = "warning"
    """It is reported."""


class Check(BaseModel):
    """One row of the catalogue.

    Attributes:
        id: Stable name.
        group: Group of the report.
        title: The state that it expects.
        severity: Effect of a failure on the command.
        facts: Facts that its judgement receives.
        remedy: What to do after a failure.
        runbook: Page of the repository.
        command: The command that answers the same question by hand.
        when: The option of `verify` with which it runs. Default: without one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    group: str
    title: str
    severity: Severity
    facts: tuple[str, ...]
    remedy: str
    runbook: str
    command: str
    when: Literal["", "from-here", "expect-refused"] = ""

    @property
    def judgement(self) -> Callable[..., Judgement]:
        """The function that judges the facts."""
        return cast(
            "Callable[..., Judgement]", getattr(GROUPS[self.group], self.id.replace("-", "_"))
        )

    @property
    def connects(self) -> bool:
        """Whether it needs a connection to the database."""
        return any(CONNECTS in calls()[fact] for fact in self.facts)


@cache
def _document() -> dict[str, Any]:
    return read_data(Path(__file__).with_name("catalogue.yaml"))


@cache
def all_checks() -> tuple[Check, ...]:
    """Return every check, in the order of reports."""
    return tuple(Check.model_validate(row) for row in _document()["checks"])


def checks(when: str = "") -> tuple[Check, ...]:
    """Return the checks that run with an option of `verify`.

    Args:
        when: The option. Default: without one.
    """
    return tuple(check for check in all_checks() if check.when == when)


@cache
def calls() -> Mapping[str, tuple[str, ...]]:
    """Return the IAM actions that reading each fact calls, by fact."""
    return {name: tuple(actions) for name, actions in _document()["facts"].items()}


@cache
def readers() -> Mapping[str, Reader]:
    """Return the function that reads each fact."""
    return {name: getattr(_READERS.get(name, aws), name) for name in calls()}
