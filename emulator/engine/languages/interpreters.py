"""The Python interpreter of a program, and its installed packages."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

LIST_PACKAGES = """
import importlib.metadata, json, pathlib, re, sys
normal = lambda name: re.sub(r"[-_.]+", "-", name).lower()
installed = {normal(d.name): d for d in importlib.metadata.distributions()}
required = {normal(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0])
            for d in installed.values() for line in d.requires or [] if "extra ==" not in line}
print(json.dumps([{"name": d.name, "version": d.version, "top_level": key not in required}
                  for key, d in sorted(installed.items())]))
"""

LIST_PLUGINS = """
import json, pathlib, sys
folders = {folder: pathlib.Path(folder) for folder in sys.path}
modified = {name: folder.stat().st_mtime_ns if folder.is_dir() else None
            for name, folder in folders.items()}
found = {}
for folder in folders.values():
    for file in sorted(folder.glob("*/pulumi-plugin.json")):
        found.setdefault(file.parent.name, json.loads(file.read_text()))
print(json.dumps({"folders": modified, "plugins": list(found.values())}))
"""


class InterpreterNotFoundError(Exception):
    """The program's virtual environment does not exist, or no Python is on the PATH."""


class Package(TypedDict):
    """An installed distribution; `top_level` if no other installed one requires it."""

    name: str
    version: str
    top_level: bool


class PluginDescription(TypedDict, total=False):
    """A `pulumi-plugin.json`: the plugin of a Python package."""

    resource: bool
    name: str
    version: str
    server: str


@dataclass(frozen=True)
class _Listed:
    """Plugins that an interpreter has found, and when each of its folders had last changed."""

    folders: Mapping[str, int | None]
    plugins: list[PluginDescription]


_listed: dict[Path, _Listed] = {}


@dataclass(frozen=True)
class Interpreter:
    """A Python interpreter.

    Attributes:
        python: The executable.
        virtualenv: Its virtual environment; None for the Python on the PATH.
    """

    python: Path
    virtualenv: Path | None

    @staticmethod
    def of_program(root: Path, options: Mapping[str, object]) -> "Interpreter":
        """Choose as Pulumi does: the option `virtualenv`, relative to the project, or the PATH.

        Raises:
            InterpreterNotFoundError: neither exists.
        """
        named = options.get("virtualenv")
        if named:
            virtualenv = root / str(named)
            python = virtualenv / "bin" / "python"
            if not python.exists():
                message = (
                    f"the virtual environment {virtualenv} has no bin/python: "
                    "create it, or change runtime.options.virtualenv in the project file"
                )
                raise InterpreterNotFoundError(message)
            return Interpreter(python, virtualenv)
        ambient = shutil.which("python3") or shutil.which("python")
        if ambient is None:
            message = "no python3 on the PATH, and the project file names no virtualenv"
            raise InterpreterNotFoundError(message)
        return Interpreter(Path(ambient), None)

    def environment(self, inherited: Mapping[str, str]) -> dict[str, str]:
        """Return a child's environment with the virtual environment activated."""
        environment = dict(inherited)
        if self.virtualenv is not None:
            environment["VIRTUAL_ENV"] = str(self.virtualenv)
            environment["PATH"] = f"{self.virtualenv / 'bin'}:{environment.get('PATH', '')}"
            environment.pop("PYTHONHOME", None)
        return environment

    def packages(self) -> list[Package]:
        """Return the installed distributions by name."""
        return json.loads(self._output(LIST_PACKAGES))

    def resource_plugins(self) -> list[PluginDescription]:
        """Return the resource plugins that installed packages require.

        The interpreter is asked again if a folder of its packages has changed.
        """
        known = _listed.get(self.python)
        if known is None or _modified(known.folders) != known.folders:
            answer = json.loads(self._output(LIST_PLUGINS))
            known = _listed[self.python] = _Listed(**answer)
        return [plugin for plugin in known.plugins if plugin.get("resource")]

    def version(self) -> str:
        """Return the Python version, such as 3.11.7."""
        return self._output("import platform; print(platform.python_version())").strip()

    def install_command(self, requirements: Path) -> list[str]:
        """Return the command that installs requirements with the pip of the base Python.

        A virtual environment created by uv has no pip.
        """
        base = Path(sys.base_prefix) / "bin" / "python3"
        return [
            *(str(base), "-m", "pip", "--python", str(self.python)),
            *("install", "--quiet", "--disable-pip-version-check", "-r", str(requirements)),
        ]

    def _output(self, script: str) -> str:
        return subprocess.run(
            [self.python, "-c", script], check=True, capture_output=True, text=True
        ).stdout


def _modified(folders: Iterable[str]) -> dict[str, int | None]:
    """Return when each folder changed last, in nanoseconds; None if it does not exist."""
    return {
        folder: Path(folder).stat().st_mtime_ns if Path(folder).is_dir() else None
        for folder in folders
    }
