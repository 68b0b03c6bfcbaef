"""A changed copy of a Go module, with which a program is built."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

COPY = "patched"


class PatchError(Exception):
    """The module does not contain a text that is replaced, or contains it more than once."""


@dataclass(frozen=True)
class ModulePatch:
    """Changes of a module that a program depends on.

    Attributes:
        module: Its path, for example `example.com/module`.
        replacements: Old and new text by file. Each old text occurs once.
    """

    module: str
    replacements: Mapping[str, Sequence[tuple[str, str]]]

    def write(self, source: Path, pins: Path, folder: Path) -> Path:
        """Write a changed copy of the module, and a go.mod that uses it.

        Args:
            source: The module, in Go's cache.
            pins: Folder with the program's `go.mod` and `go.sum`.
            folder: An empty folder for the result.

        Returns:
            The go.mod, for Go's option `-modfile`.

        Raises:
            PatchError: the module does not contain a text, or contains it more than once.
        """
        # Not the modes: Go's cache is read-only.
        copied = folder / COPY
        for file in source.rglob("*"):
            if file.is_file():
                target = copied / file.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
        for name, pairs in self.replacements.items():
            file = copied / name
            text = file.read_text(encoding="utf-8")
            for old, new in pairs:
                if text.count(old) != 1:
                    message = f"{self.module}: {name} contains {old!r} {text.count(old)} times"
                    raise PatchError(message)
                text = text.replace(old, new)
            file.write_text(text, encoding="utf-8")
        shutil.copyfile(pins / "go.sum", folder / "go.sum")
        pinned = (pins / "go.mod").read_text(encoding="utf-8")
        module_file = folder / "go.mod"
        # Quoted, because a path may contain spaces.
        replacement = f"replace {self.module} => {json.dumps(str(copied))}"
        module_file.write_text(f"{pinned}\n{replacement}\n", encoding="utf-8")
        return module_file
