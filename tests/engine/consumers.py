"""Programs of users of the package, run by the real engine against the emulated AWS."""

import json
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pulumi.automation import Stack

from rehearsal import Rehearsal
from tools.repository import ROOT, read_yaml

PACKAGE = ROOT / "package"


@dataclass(frozen=True)
class Consumer:
    """A YAML program in a folder of its own.

    Attributes:
        rehearsal: Provides engine, state and emulated AWS.
        folder: The folder.
    """

    rehearsal: Rehearsal
    folder: Path

    def write(self, program: Mapping[str, Any]) -> None:
        """Write the program, with the package of this repository."""
        content = {**program, "packages": {"aurora-data-platform": str(PACKAGE)}}
        # JSON is YAML without aliases, which Pulumi does not support.
        (self.folder / "Pulumi.yaml").write_text(json.dumps(content, indent=2), encoding="utf-8")

    def stack(self, name: str, config: Mapping[str, Any]) -> Stack:
        """Select a stack of the program, or create it, with a configuration.

        Args:
            name: Its name.
            config: Values by key; None removes the region.
        """
        file = self.folder / f"Pulumi.{name}.yaml"
        old: dict[str, Any] = read_yaml(file) if file.exists() else {}
        settings = {"aws:region": "us-east-2", **config}
        own = {key: value for key, value in settings.items() if value is not None}
        content: dict[str, Any] = {**old, "config": own}
        file.write_text(yaml.safe_dump(content), encoding="utf-8")
        return self.rehearsal.stack_in(self.folder, name)

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the documentation, with the rehearsal's `pulumi`."""
        name, *arguments = shlex.split(command)
        assert name == "pulumi"
        return subprocess.run(
            [self.rehearsal.folder / "pulumi-here", *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


def code_blocks(markdown: str, language: str) -> Sequence[str]:
    """Return the code blocks of a language in a document."""
    parts = markdown.split(f"```{language}\n")[1:]
    return [part.partition("```")[0] for part in parts]
