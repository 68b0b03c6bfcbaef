"""No violation passes the pack because it is written differently."""

import pytest

from tests.policy_pack.controls.disguises import DISGUISES, disguised
from tools.testing.policy_cases import Case, case_analyzer, cases, declare

VIOLATING = cases("violating")


@pytest.mark.parametrize("case", VIOLATING, ids=str)
def test_a_disguised_violation_is_found(case: Case) -> None:
    subject = case_analyzer(case, "prod", enforcementLevel="mandatory")
    passed = [
        (disguise, properties)
        for name, row in case.stack.items()
        for disguise, properties in disguised(row["properties"])
        if not subject.analyze(declare(case.stack | {name: row | {"properties": properties}}))
    ]
    assert passed == []


def test_every_disguise_is_used_often() -> None:
    used = [
        disguise
        for case in VIOLATING
        for row in case.stack.values()
        for disguise, _ in disguised(row["properties"])
    ]
    rare = {each.__name__: used.count(each.__name__) for each in DISGUISES}
    assert {name: count for name, count in rare.items() if count < 3} == {}
