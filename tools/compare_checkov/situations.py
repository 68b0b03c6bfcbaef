"""Situations: the platforms that both tools check, with the findings of the pack."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from policy_pack.aurora_policies.pack.catalogue import PROFILES, Profile
from tools.repository import read_yaml
from tools.testing.mutations import (
    MUTATIONS,
    compliant,
    controls,
    mutated,
    violations,
    with_every_control,
)
from tools.testing.policies import Declared, platform

VIOLATIONS: Mapping[str, Any] = read_yaml(Path(__file__).parent / "violations.yaml")
"""Changes of the compliant platform, by the check that each violates."""


@dataclass(frozen=True)
class Situation:
    """A platform and the controls that it violates, including those that a profile disables."""

    resources: tuple[Declared, ...]
    controls: frozenset[str]


@cache
def situations() -> Mapping[str, Situation]:
    """Return every situation by its name."""
    return {
        **{profile: _as_it_is(profile) for profile in PROFILES},
        "compliant": _changed({}),
        **{name: _changed(change) for name, change in MUTATIONS["mutations"].items()},
        **{name: _changed(change) for name, change in VIOLATIONS.items()},
        **{name: _changed(change) for name, change in MUTATIONS["other_shapes"].items()},
    }


def _as_it_is(profile: Profile) -> Situation:
    resources = platform(profile)
    found = with_every_control(profile).analyze(resources)
    return Situation(resources, frozenset(controls(found)))


def _changed(change: Mapping[str, Any]) -> Situation:
    resources = mutated(change) if change else compliant()
    found = violations(with_every_control("prod"), resources)
    return Situation(tuple(resources.values()), frozenset(controls(found)))
