"""The data of the commands: catalogue, queries, outputs, strategy; each is complete."""

import inspect as introspection
import re
from pathlib import Path

import pytest

from components.aurora_data_platform import AuroraDataPlatform
from operations.checks.catalogue import GROUPS, Check, all_checks, calls, checks, readers
from operations.checks.judgements.cross_stack import DOCUMENTED, OPTIONAL
from operations.database.queries import queries
from operations.output.document import SCHEMA_FILE, json_schema
from operations.outputs import DeclaredState
from operations.verbs.inspect import Topic
from tests.docs.test_runbooks import blocks
from tools.reference.operations_pages import strategy
from tools.repository import ROOT
from tools.testing.programs import run_program

EACH = pytest.mark.parametrize("check", all_checks(), ids=lambda each: each.id)


@EACH
def test_a_check_has_a_judgement_with_an_argument_for_each_fact(check: Check) -> None:
    signature = introspection.signature(check.judgement)
    assert len(signature.parameters) == 1 + len(check.facts)
    assert set(check.facts) <= calls().keys()


@EACH
def test_a_checks_runbook_exists_with_its_section(check: Check) -> None:
    page, _, section = check.runbook.partition("#")
    text = (ROOT / page).read_text(encoding="utf-8")
    titles = [re.sub(r"[^\w -]", "", each.lower()) for each in re.findall(r"^#+ (.+)$", text, re.M)]
    assert not section or section in [each.strip().replace(" ", "-") for each in titles]


def test_ids_are_unique_and_groups_are_known() -> None:
    ids = [check.id for check in all_checks()]
    assert len(ids) == len(set(ids)) == 58
    assert len(checks()) == 55
    assert {check.group for check in all_checks()} == GROUPS.keys()


def test_every_judgement_belongs_to_a_check_and_every_fact_is_used() -> None:
    functions = {
        (group, name.replace("_", "-"))
        for group, module in GROUPS.items()
        for name, value in vars(module).items()
        if introspection.isfunction(value)
        and value.__module__ == module.__name__
        and not name.startswith("_")
    }
    assert functions == {(check.group, check.id) for check in all_checks()}
    assert {fact for check in all_checks() for fact in check.facts} == readers().keys()


def test_the_documented_outputs_are_those_of_the_component() -> None:
    exported = run_program("dev").exports
    assert DOCUMENTED.keys() | OPTIONAL == exported.keys()
    assert len(AuroraDataPlatform.__annotations__) == len(exported)


def test_the_declared_state_has_every_member_that_the_commands_read() -> None:
    state = run_program("prod").exports["declaredState"]
    parsed = DeclaredState.model_validate(state)
    assert state.keys() == parsed.model_dump(by_alias=True).keys()
    assert parsed.deletion_protection is True
    assert (parsed.min_capacity, parsed.max_capacity) == (1.0, 256.0)
    assert parsed.instance_identifiers == [
        "prod-aurora-cluster-ue2-1",
        "prod-aurora-cluster-ue2-2",
    ]


def test_the_test_strategy_has_six_groups_and_24_points_all_covered() -> None:
    rows = [row for group in strategy().values() for row in group]
    assert (len(strategy()), len(rows)) == (6, 24)
    known = {*(check.id for check in checks()), "drill restore", "rotate"}
    named = {each for row in rows for each in row["covered"]}
    assert all((ROOT / each).is_file() for each in named - known)
    assert all(row["covered"] for row in rows)


@pytest.mark.parametrize("topic", queries())
def test_a_query_is_in_its_runbook_if_the_runbook_has_it(topic: str) -> None:
    query = queries()[topic]
    page = ROOT / query.runbook
    shown = {_plain(block) for block in blocks(page, "sql")}
    # Pages of alarms show what helps with the alarm; the others link to the command.
    in_runbooks = {"blocking", "long-running", "outliers", "connections", "transaction-ids"}
    assert (_plain(query.sql) in shown) is (topic in in_runbooks)
    assert f"operations inspect {topic}" in page.read_text(encoding="utf-8")


def _plain(statement: str) -> str:
    return " ".join(statement.split())


def test_every_query_is_a_topic() -> None:
    assert [each.value for each in Topic] == list(queries())


def test_the_json_schema_is_that_of_the_document() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == json_schema()


def test_a_module_has_at_most_300_lines() -> None:
    modules = sorted((ROOT / "operations").rglob("*.py"))
    assert [each for each in modules if len(_lines(each)) > 300] == []


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()
