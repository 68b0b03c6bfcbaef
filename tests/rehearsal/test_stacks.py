"""Stacks run a command only when its result is used."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from pulumi.automation import CommandResult, OutputValue, PulumiCommand

from rehearsal.stacks import RehearsedStack, RehearsedWorkspace

UPDATE = {
    "kind": "update",
    "startTime": "2026-11-25T00:00:00.000Z",
    "message": "",
    "environment": {},
    "config": {},
    "result": "succeeded",
    "resourceChanges": {"same": 86},
}


class Cli:
    """Records commands, and answers with the given outputs.

    Args:
        masked: The outputs as the CLI prints them.
        plain: The outputs with secrets in plain text.
    """

    version = None

    def __init__(self, masked: dict[str, Any], plain: dict[str, Any] | None = None) -> None:
        self.masked, self.plain = masked, plain or masked
        self.commands: list[str] = []

    def run(self, args: Sequence[str], *_: object) -> CommandResult:
        self.commands.append(" ".join(args))
        answers = {
            "stack output --json --stack dev": self.masked,
            "stack output --json --show-secrets --stack dev": self.plain,
            "stack history --json --show-secrets --page-size 1 --page 1 --stack dev": [UPDATE],
        }
        return CommandResult(stdout=json.dumps(answers.get(self.commands[-1])), stderr="", code=0)


def stack_of(cli: Cli, folder: Path, selected: set[str] | None = None) -> RehearsedStack:
    workspace = RehearsedWorkspace(
        set() if selected is None else selected,
        work_dir=str(folder),
        pulumi_command=cast("PulumiCommand", cli),
    )
    stack = RehearsedStack.create_or_select("dev", workspace)
    assert isinstance(stack, RehearsedStack)
    return stack


def test_a_stack_is_selected_once_until_it_is_removed(tmp_path: Path) -> None:
    cli, selected = Cli({}), set[str]()
    stack_of(cli, tmp_path, selected)
    stack = stack_of(cli, tmp_path, selected)
    assert cli.commands == ["stack select --stack dev"]
    stack.workspace.remove_stack("dev")
    stack_of(cli, tmp_path, selected)
    assert cli.commands[1:] == ["stack rm --yes dev", "stack select --stack dev"]


def test_outputs_are_read_once_when_one_is_used(tmp_path: Path) -> None:
    cli = Cli({"port": 5432, "users": {}})
    outputs = stack_of(cli, tmp_path, {"dev"}).outputs()
    assert cli.commands == []
    assert {name: output.value for name, output in outputs.items()} == {"port": 5432, "users": {}}
    assert outputs["port"].value == 5432
    assert cli.commands == ["stack output --json --stack dev"]


@pytest.mark.parametrize(
    ("masked", "plain", "secret"),
    [
        ({"key": "[secret]", "port": 1}, {"key": "hidden", "port": 1}, True),
        ({"key": {"inner": "[secret]"}, "port": 1}, {"key": {"inner": "x"}, "port": 1}, False),
    ],
)
def test_secret_outputs_are_read_in_plain_text(
    masked: dict[str, Any], plain: dict[str, Any], secret: bool, tmp_path: Path
) -> None:
    cli = Cli(masked, plain)
    outputs = stack_of(cli, tmp_path, {"dev"}).outputs()
    assert (outputs["key"].value, outputs["key"].secret) == (plain["key"], secret)
    assert isinstance(outputs["port"], OutputValue)
    assert (outputs["port"].value, outputs["port"].secret) == (1, False)


def test_the_last_update_is_read_once_when_it_is_used(tmp_path: Path) -> None:
    cli = Cli({})
    last = stack_of(cli, tmp_path, {"dev"}).info()
    assert last is not None
    assert cli.commands == []
    assert (last.result, last.resource_changes) == ("succeeded", {"same": 86})
    assert len(cli.commands) == 1
