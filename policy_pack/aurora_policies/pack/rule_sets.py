"""Public rule sets that the catalogue refers to, each pinned to a version."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from ..reading.data_files import read_data

RuleClass: TypeAlias = Literal["declared", "conditional", "runtime"]
"""Whether a rule can be decided before deployment: for every program, only for programs with an
optional resource, or not at all because it is about the state of the account."""


class RuleSet(BaseModel):
    """A public rule set, limited to the resource types of an Aurora PostgreSQL platform."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    version: str
    source: str
    rules: Mapping[RuleClass, tuple[str, ...]]

    @property
    def decidable(self) -> tuple[str, ...]:
        """Rules that can be decided before deployment."""
        return self.rules.get("declared", ()) + self.rules.get("conditional", ())

    @property
    def all_rules(self) -> frozenset[str]:
        """Every rule, including those that cannot be decided before deployment."""
        return frozenset(rule for ids in self.rules.values() for rule in ids)


@cache
def rule_sets() -> Mapping[str, RuleSet]:
    """Return every rule set by its identifier."""
    paths = sorted((Path(__file__).parent / "rule_sets").glob("*.yaml"))
    return {path.stem: RuleSet.model_validate(read_data(path)) for path in paths}
