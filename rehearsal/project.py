"""The project folder of a rehearsal: links to the user's files, and copies of the stack files.

`pulumi stack init` writes how secrets are encrypted into the stack file. The rehearsal's own lines
go into the copy, so the user's files do not change; the user's lines are left out of it, because no
rehearsal has their key.
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import yaml

PROJECT_FILE = "Pulumi.yaml"
STACK_FILE = re.compile(r"Pulumi\.(?P<stack>.+)\.yaml")

ENCRYPTION = ("secretsprovider", "encryptedkey", "encryptionsalt")
"""Top-level keys of a stack file that say how its secrets are encrypted."""
_ENCRYPTION_LINES = re.compile(rf"^({'|'.join(ENCRYPTION)}):.*\n?", re.MULTILINE)

VIRTUAL_ENVIRONMENT = ".venv"
"""Link to the virtual environment that this process runs in."""


class UnknownStackError(Exception):
    """The program has no file for the stack."""


class InvalidFileError(Exception):
    """A file of the project is not YAML in UTF-8."""


class EncryptedValueError(Exception):
    """A stack file has encrypted values, which a rehearsal cannot read."""


class Project:
    """A folder with links to a program's files, except for the stack files.

    Args:
        program: The folder with `Pulumi.yaml`.
        folder: The folder with the links.
    """

    def __init__(self, program: Path, folder: Path) -> None:
        self._program = program.absolute()
        self.folder = folder.absolute()

    @property
    def stacks(self) -> list[str]:
        """Stacks for which the program has a file."""
        matches = (STACK_FILE.fullmatch(file.name) for file in self._program.iterdir())
        return sorted(match["stack"] for match in matches if match)

    def find_stack_file(self, stack: str) -> Path:
        """Return the program's file for a stack.

        Raises:
            UnknownStackError: the program has no such file.
        """
        file = self._program / f"Pulumi.{stack}.yaml"
        if not file.exists():
            message = f"{file.name} does not exist; there are files for {', '.join(self.stacks)}"
            raise UnknownStackError(message)
        return file

    def link_files(self) -> None:
        """Create missing links and remove those whose files no longer exist."""
        self.folder.mkdir(parents=True, exist_ok=True)
        wanted = {
            path.name: path
            for path in self._program.iterdir()
            if not path.name.startswith(".") and not STACK_FILE.fullmatch(path.name)
        }
        wanted[VIRTUAL_ENVIRONMENT] = Path(sys.prefix)
        for link in self.folder.iterdir():
            if link.is_symlink() and (
                link.name not in wanted or link.readlink() != wanted[link.name]
            ):
                link.unlink()
        for name, path in wanted.items():
            if not (self.folder / name).is_symlink():
                (self.folder / name).symlink_to(path)

    def write_stack_file(
        self, stack: str, changes: Mapping[str, object] | None = None, *, like: str | None = None
    ) -> Mapping[str, object]:
        """Copy a stack file, keeping the copy's encryption; return the copy's configuration.

        Args:
            stack: For example `dev`.
            like: The stack whose file is copied. Default: the stack itself.
            changes: Values that differ from the file, by configuration key; the project's own keys
                have no namespace. None removes a key.

        Raises:
            UnknownStackError: the program has no such file.
            InvalidFileError: the file is not YAML in UTF-8.
            EncryptedValueError: values are encrypted.
        """
        source = self.find_stack_file(like or stack)
        target = self.folder / f"Pulumi.{stack}.yaml"
        written = _load(target) if target.exists() else {}
        encryption = {key: written[key] for key in ENCRYPTION if key in written}
        text = without_encryption(_text_of(source))
        if changes:
            content = _parse(text, source)
            changed: dict[str, object] = content["config"]
            for key, value in changes.items():
                changed[self._qualified(key)] = value
            content["config"] = {key: value for key, value in changed.items() if value is not None}
            text = yaml.safe_dump(content, sort_keys=False)
        if encryption:
            text += f"\n{yaml.safe_dump(encryption)}"
        config: dict[str, object] = _parse(text, source).get("config") or {}
        encrypted = encrypted_keys(config)
        if encrypted:
            message = (
                f"{source.name} has encrypted values, which a rehearsal cannot decrypt: "
                f"{', '.join(encrypted)}. Rehearse a copy of the stack file without them"
            )
            raise EncryptedValueError(message)
        target.write_text(text, encoding="utf-8")
        return config

    @property
    def name(self) -> str:
        """The project's name."""
        return str(_load(self._program / PROJECT_FILE)["name"])

    def _qualified(self, key: str) -> str:
        return key if ":" in key else f"{self.name}:{key}"


def without_encryption(text: str) -> str:
    """Return a stack file's text without the lines that say how its secrets are encrypted."""
    return _ENCRYPTION_LINES.sub("", text)


def encrypted_keys(config: Mapping[str, object]) -> list[str]:
    """Return the keys of a stack's configuration whose values are, or contain, `{secure: ...}`."""
    return [key for key, value in config.items() if _is_encrypted(value)]


def _is_encrypted(value: object) -> bool:
    """Return whether a value is, or contains, `{secure: ...}`."""
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value)
        return "secure" in members or any(map(_is_encrypted, members.values()))
    return isinstance(value, list) and any(map(_is_encrypted, cast("list[object]", value)))


def _load(file: Path) -> dict[str, Any]:
    return _parse(_text_of(file), file)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        message = f"{file.name} is not in UTF-8: {error}"
        raise InvalidFileError(message) from None


def _parse(text: str, file: Path) -> dict[str, Any]:
    try:
        return yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        message = f"{file.name} is not valid YAML: {error}"
        raise InvalidFileError(message) from None
