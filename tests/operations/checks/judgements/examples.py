"""Examples of outputs and of a database's state."""

import copy
from datetime import UTC, datetime
from typing import Any

from operations.checks.facts.database import DatabaseState
from operations.outputs import StackOutputs, parse_outputs
from tests.operations.examples import OUTPUTS

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def outputs(**declared: Any) -> StackOutputs:
    changed = copy.deepcopy(OUTPUTS)
    changed["declaredState"].update(declared)
    return parse_outputs(changed, "the test")


def database_state(
    *,
    settings: dict[str, str] | None = None,
    roles: dict[str, tuple[bool, frozenset[str]]] | None = None,
    iam_roles: frozenset[str] = frozenset(),
) -> DatabaseState:
    return DatabaseState(
        encrypted=True,
        version="17.4",
        settings=settings or {},
        pending=[],
        roles=roles or {},
        iam_roles=iam_roles,
    )
