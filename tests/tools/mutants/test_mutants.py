"""Mutation testing: what is changed, what the tests of a mutant report, and what is recorded."""

import sys
from pathlib import Path

import pytest

from tools.mutants.__main__ import modules, paths_of
from tools.mutants.mutation import mutants_of
from tools.mutants.results import NO_REASON, recorded
from tools.mutants.running import Verdict, run
from tools.repository import ROOT

SOURCE = '''"""Text is kept."""
LIMIT = 2


def fits(number: "int | None") -> bool:
    """Return whether a number fits."""
    return number is not None and number < LIMIT
'''


def test_each_operator_number_and_condition_is_changed_once() -> None:
    after = [each.change.splitlines()[1] for each in mutants_of(SOURCE)]
    assert sorted(after) == [
        "+ LIMIT = 1",
        "+ LIMIT = 3",
        "+ return number is None and number < LIMIT",
        "+ return number is not None and number <= LIMIT",
        "+ return number is not None and number >= LIMIT",
        "+ return number is not None or number < LIMIT",
    ]


def test_signatures_are_not_changed() -> None:
    source = "def same(*, text: str | None) -> str | None:\n    return text\n"
    assert list(mutants_of(source)) == []


def test_limits_inside_annotations_are_changed() -> None:
    source = "port: Annotated[int | None, Field(ge=1)] = None\n"
    assert [each.change.splitlines()[1] for each in mutants_of(source)] == [
        "+ port: Annotated[int | None, Field(ge= 2)] = None",
        "+ port: Annotated[int | None, Field(ge= 0)] = None",
    ]


@pytest.mark.parametrize(
    ("source", "limit", "verdict"),
    [
        ("def double(number):\n    return number * 2\n", 60.0, Verdict.SURVIVED),
        ("def double(number):\n    return number + 2\n", 60.0, Verdict.SURVIVED),
        ("def double(number):\n    return number * 3\n", 60.0, Verdict.KILLED),
        ("raise RuntimeError\n", 60.0, Verdict.KILLED),
        ("while True:\n    pass\n", 1.0, Verdict.HANGS),
    ],
)
def test_tests_run_against_the_mutant_and_leave_the_module_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, limit: float, verdict: Verdict
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    module, tests = Path("mutated_module.py"), Path("test_of_module.py")
    module.write_text("def double(number):\n    return number * 2\n", encoding="utf-8")
    tests.write_text(
        "from mutated_module import double\n\n\ndef test() -> None:\n    assert double(2) == 4\n",
        encoding="utf-8",
    )
    assert run(module, source, [str(tests)], limit=limit) == verdict
    assert module.read_text(encoding="utf-8") == "def double(number):\n    return number * 2\n"


def test_every_module_and_its_tests_exist() -> None:
    missing = [path for path in modules() if not (ROOT / path).is_file()]
    missing += [Path(name) for tests in modules().values() for name in paths_of(tests)]
    assert [path for path in missing if not (ROOT / path).exists()] == []


def test_every_survivor_has_a_reason() -> None:
    open_survivors = [
        (module, row["change"])
        for module, result in recorded().items()
        for row in result["survivors"]
        if row["reason"] == NO_REASON
    ]
    assert open_survivors == []


def test_recorded_numbers_add_up() -> None:
    for module, row in recorded().items():
        total = row["killed"] + row["survived"] + row["hangs"] + row["not_run"]
        assert total == row["mutants"], module
