"""Stacks of the automation API that run fewer commands.

The automation API selects a stack whenever it is used, and reads its outputs twice and its history
after each update. Each of these commands takes a tenth of the time of a preview.
"""

import json
from collections import UserDict
from collections.abc import Callable
from functools import cached_property
from typing import Any

from pulumi.automation import (
    LocalWorkspace,
    OutputMap,
    OutputValue,
    Stack,
    UpdateSummary,
    Workspace,
)
from pulumi.automation._stack import StackInitMode

SECRET_MASK = "[secret]"  # noqa: S105 - what the CLI prints instead of one


class RehearsedWorkspace(LocalWorkspace):
    """A workspace that selects a stack once.

    Args:
        selected: Names of selected stacks, which workspaces of one project share.
        options: Those of `LocalWorkspace`.
    """

    def __init__(self, selected: set[str], **options: Any) -> None:
        super().__init__(**options)
        self._selected = selected

    def select_stack(self, stack_name: str) -> None:
        """Select a stack, unless it was selected before; every later command names its stack."""
        if stack_name not in self._selected:
            super().select_stack(stack_name)
            self._selected.add(stack_name)

    def remove_stack(
        self,
        stack_name: str,
        force: bool | None = None,  # noqa: FBT001 - the SDK's signature
        preserve_config: bool | None = None,  # noqa: FBT001 - the SDK's signature
    ) -> None:
        """Remove a stack."""
        super().remove_stack(stack_name, force, preserve_config)
        self._selected.discard(stack_name)

    def stack_outputs(self, stack_name: str) -> OutputMap:
        """Return the outputs; the second command, for plain text, runs only if one is secret."""
        masked = self._run_pulumi_cmd_sync(["stack", "output", "--json", "--stack", stack_name])
        if SECRET_MASK in masked.stdout:
            return super().stack_outputs(stack_name)
        values: dict[str, Any] = json.loads(masked.stdout)
        return {name: OutputValue(value, secret=False) for name, value in values.items()}


class RehearsedStack(Stack):
    """A stack whose outputs and last update are read when they are used."""

    @classmethod
    def create_or_select(cls, stack_name: str, workspace: Workspace) -> Stack:
        """Select a stack, or create it."""
        # The method of the base class returns an instance of that class.
        return cls(stack_name, workspace, StackInitMode.CREATE_OR_SELECT)

    def outputs(self) -> OutputMap:
        """Return the outputs as of the first use of one of them."""
        return _Outputs(super().outputs)

    def info(self, show_secrets: bool = True) -> UpdateSummary | None:  # noqa: FBT001, FBT002 - the SDK's signature
        """Return the last update as of the first use of one of its attributes."""
        return _LastUpdate(lambda: super(RehearsedStack, self).info(show_secrets))


class _Outputs(UserDict[str, OutputValue]):
    def __init__(self, read: Callable[[], OutputMap]) -> None:
        self._read = read

    @cached_property
    def data(self) -> OutputMap:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self._read()


class _LastUpdate(UpdateSummary):
    def __init__(self, read: Callable[[], UpdateSummary | None]) -> None:
        self._read = read

    def __getattr__(self, name: str) -> Any:
        return getattr(self._update, name)

    @cached_property
    def _update(self) -> UpdateSummary | None:
        return self._read()
