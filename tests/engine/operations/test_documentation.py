"""Every day-2 command of the documentation runs against a deployed stack."""

import re
import shlex
from pathlib import Path

import pytest

from tests.docs.test_runbooks import blocks, lines_of
from tests.engine.operations.conftest import Command
from tests.operations.defects.deployed import Deployed
from tools.repository import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINE = re.compile(r"^\s*(?:python -m operations|\./\.rehearsal/operations) (.+?)(?:\s+#.*)?$")
EXPECTED = {"drill restore --stack prod": 3}
"""Exit codes of commands that do not end with 0: one that is shown without --apply."""


def commands() -> list[str]:
    found = {
        match[1]
        for page in PAGES
        for block in blocks(page, "sh")
        for line in lines_of(block.replace("\\\n", " "))
        if (match := LINE.match(line.strip("\n")))
    }
    return sorted(found)


@pytest.mark.parametrize("text", commands())
def test_a_documented_command_runs(
    command: Command,
    deployed: Deployed,
    text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sanity.sql").write_text("SELECT 1")
    with deployed.superuser() as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    words = shlex.split(text)
    stack = words.index("--stack")
    del words[stack : stack + 2]
    if "--at" in words:
        # The time of the page is outside of this stack's restore window.
        at = words.index("--at")
        del words[at : at + 2]
    if "scaling" in words:
        words[words.index("--seconds") + 1] = "5"
        monkeypatch.setattr("operations.reports.status.facts.PERIOD_SECONDS", 5)
    ended = command(*words)
    assert ended.code == EXPECTED.get(text, 0), ended.err


SCREENS = [
    pytest.param(words, shown, id=words)
    for block in blocks(ROOT / "docs/operations.md", "text")
    for first, _, shown in [block.partition("\n")]
    if (words := first.removeprefix("$ python -m operations "))
]


def normalized(screen: str) -> list[str]:
    """Return the lines of a screen without times, ages, zones and the spaces that depend on them."""
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "TIME", screen)
    text = re.sub(r"us-east-2[abc]", "ZONE", text)
    text = re.sub(r"\d+(\.\d+)? s\b", "N s", text)
    # What the tests before this one did is in the metrics of the last minute.
    text = re.sub(r"(available +)[\d.]+ +\d+", r"\1N N", text)
    text = re.sub(r"(alarms +).*", r"\1STATES", text)
    return [" ".join(line.split()) for line in text.strip().splitlines()]


@pytest.mark.parametrize(("words", "shown"), SCREENS)
def test_a_screen_of_the_documentation_is_what_the_command_prints(
    command: Command, deployed: Deployed, words: str, shown: str
) -> None:
    with deployed.superuser() as connection:
        connection.execute("DROP EXTENSION IF EXISTS pg_stat_statements")
    arguments = [each for each in shlex.split(words) if each not in ("--stack", "dev")]
    assert normalized(command(*arguments).out) == normalized(shown)


def test_the_pages_have_commands_at_all() -> None:
    assert len(commands()) == 28
