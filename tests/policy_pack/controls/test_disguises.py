"""No violation passes the pack because it is written differently."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.policy_pack.controls.disguises import DISGUISES, disguised
from tools.testing.policy_cases import by_control, case_analyzer

VIOLATING = by_control("violating")


@pytest.mark.parametrize("name", VIOLATING)
def test_a_disguised_violation_is_found(name: str) -> None:
    passed = [
        (str(case), description)
        for case in VIOLATING[name]
        for subject in [case_analyzer(case, "prod", enforcementLevel="mandatory")]
        for description, resources in case.variants(described)
        if not subject.analyze(resources)
    ]
    assert passed == []


def described(properties: Mapping[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Properties in disguise, each described by itself and the name of the disguise."""
    return ((each, each[1]) for each in disguised(properties))


def test_every_disguise_is_used_often() -> None:
    used = Counter(
        disguise
        for cases in VIOLATING.values()
        for case in cases
        for (disguise, _), _ in case.variants(described)
    )
    rare = {each.__name__: used[each.__name__] for each in DISGUISES}
    assert {name: count for name, count in rare.items() if count < 3} == {}
