"""What the answers of a restore drill mean."""

from datetime import UTC, datetime

import pytest

from operations.drill.evidence import markdown, summary_of
from operations.drill.restore import RestoreDrill
from operations.drill.sanity import Answer

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
BROKEN = "error: division by zero"


def drill(*answers: Answer) -> RestoreDrill:
    return RestoreDrill(
        "dev-aurora-cluster-ue2-drill-1", NOW, True, NOW, 0.0, answers=list(answers), removed=True
    )


@pytest.mark.parametrize(
    ("source", "restored", "both"),
    [
        (BROKEN, BROKEN, f"source {BROKEN}, restored {BROKEN}"),
        (BROKEN, "1", f"source {BROKEN}, restored 1"),
        ("1", BROKEN, f"source 1, restored {BROKEN}"),
    ],
)
def test_a_query_that_fails_on_either_side_fails_the_drill_and_is_never_equal(
    source: str, restored: str, both: str
) -> None:
    found = drill(Answer("SELECT 1/0", source, restored))
    assert found.problems(require_equal=False) == [f"SELECT 1/0: {both}"]
    assert found.problems(require_equal=True) == [f"SELECT 1/0: {both}"]
    assert [each.is_equal for each in found.answers] == [False]
    made = {
        **{"cluster": "dev", "stack": "dev", "startedAt": "now", "result": "failed"},
        "summary": summary_of(found, "arn", []),
    }
    assert f"| SELECT 1/0 | {source} | {restored} | failed |" in markdown(made).splitlines()


def test_a_difference_is_a_problem_only_where_equality_is_required() -> None:
    found = drill(Answer("one", "1", "1"), Answer("two", "", "2"))
    assert found.problems(require_equal=False) == []
    assert found.problems(require_equal=True) == ["two: source nothing, restored 2"]
