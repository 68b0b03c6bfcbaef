"""Judgements on parameters, in RDS and in PostgreSQL."""

import pytest

from operations.checks.judgement import Judgement, NotApplicableError
from operations.checks.judgements import parameters
from tests.operations.checks.judgements.examples import database_state, outputs


@pytest.mark.parametrize(
    ("declared", "found", "passed"),
    [
        ("1", "on", True),
        ("0", "off", True),
        ("0", "on", False),
        ("a,b", "a, b", True),
        ("4096", "4096", True),
        ("4096", "8192", False),
    ],
)
def test_values_are_compared_in_the_spelling_of_rds_and_of_postgresql(
    declared: str, found: str, passed: bool
) -> None:
    state = database_state(settings={"p": found})
    judged = parameters.parameters_in_force(outputs(parameters={"p": declared}), state)
    assert judged.passed is passed
    assert parameters.parameters_in_rds(outputs(parameters={"gone": "1"}), {}).found == (
        "gone=not set"
    )


FORMULA = "LEAST({DBInstanceClassMemory/9531392},5000)"


@pytest.mark.parametrize(
    ("declared", "expected", "evidence"),
    [
        (
            {"max_connections": FORMULA, "work_mem": "4096"},
            "work_mem=4096",
            "not compared, because RDS computes it: max_connections",
        ),
        (
            {"shared_buffers": "{DBInstanceClassMemory/32768}", "port": "{EndPointPort}"}
            | {"shared_preload_libraries": "auto_explain"},
            "none",
            "not compared, because RDS computes it: port, shared_buffers; "
            "shared_preload_libraries lacks auto_explain",
        ),
        ({"log_line_prefix": "(%t) {%u}"}, "log_line_prefix=(%t) {%u}", ""),
    ],
)
def test_a_formula_is_not_compared_with_the_value_that_rds_computes(
    declared: dict[str, str], expected: str, evidence: str
) -> None:
    settings = {"max_connections": "1802", "work_mem": "4096", "log_line_prefix": "(%t) {%u}"}
    judged = parameters.parameters_in_force(
        outputs(parameters=declared), database_state(settings=settings)
    )
    assert judged == Judgement("lacks" not in evidence, expected, expected, evidence)


def test_formulas_alone_leave_nothing_to_compare() -> None:
    declared = outputs(parameters={"max_connections": FORMULA, "rds.force_ssl": "1"})
    message = "^RDS computes the value of max_connections by a formula$"
    with pytest.raises(NotApplicableError, match=message):
        parameters.parameters_in_force(declared, database_state(settings={}))


@pytest.mark.parametrize(
    ("loaded", "evidence"),
    [
        ("pg_stat_statements,auto_explain", ""),
        ("rdsutils, pg_stat_statements, auto_explain", ""),
        ("rdsutils", "shared_preload_libraries lacks pg_stat_statements, auto_explain"),
        ("pg_stat_statements", "shared_preload_libraries lacks auto_explain"),
    ],
)
def test_further_libraries_of_rds_are_not_a_difference(loaded: str, evidence: str) -> None:
    state = database_state(settings={"shared_preload_libraries": loaded})
    declared = outputs(parameters={"shared_preload_libraries": "pg_stat_statements,auto_explain"})
    judged = parameters.parameters_in_force(declared, state)
    assert (judged.passed, judged.evidence) == (evidence == "", evidence)
