"""Installs the emulator's plugins into a Pulumi home of its own."""

import os
import shlex
import sys
from importlib.metadata import version
from pathlib import Path

from emulator.engine.acquisition import Engine, language_executor

REPOSITORY = Path(__file__).resolve().parents[2]

RESOURCE_PLUGINS = {
    "aws": "from emulator.provider.aws_provider import main\n\nmain()",
    "random": "from emulator.provider.random_provider import main\n\nmain()",
}
"""Name of each resource plugin, and the Python that runs it."""


def install_plugins(pulumi_home: Path, engine: Engine) -> dict[str, str]:
    """Write launchers for the emulated providers, and for a language host if the CLI has none.

    The engine looks in its home before it downloads a plugin, and takes one whose version is that
    of the Python package. A language host found on the PATH instead would be warned about.

    Args:
        pulumi_home: The home that the rehearsal's commands use; made if missing.
        engine: The CLI that will run.

    Returns:
        Environment variables that its commands need.

    Raises:
        EngineUnavailableError: the CLI has no language host and the executor for ours cannot be
            fetched.
    """
    for name, code in RESOURCE_PLUGINS.items():
        _write_launcher(pulumi_home, f"resource-{name}-v{version(f'pulumi-{name}')}", code)
    if not engine.has_language_host:
        code = (
            "from emulator.engine.language_host import main\n\n"
            f"main({str(language_executor())!r}, sys.argv[1:])"
        )
        _write_launcher(pulumi_home, f"language-python-v{engine.version}", code)
    return {
        "PULUMI_HOME": str(pulumi_home),
        "PATH": os.pathsep.join([str(engine.bin_dir), os.environ.get("PATH", os.defpath)]),
    }


def _write_launcher(pulumi_home: Path, plugin: str, code: str) -> None:
    kind, name, _ = plugin.split("-", maxsplit=2)
    launcher = pulumi_home.absolute() / "plugins" / plugin / f"pulumi-{kind}-{name}"
    launcher.parent.mkdir(parents=True, exist_ok=True)
    program = launcher.parent / "plugin.py"
    program.write_text(f"import sys\n\nsys.path.insert(0, {str(REPOSITORY)!r})\n{code}\n")
    # -I: neither the user's PYTHONPATH nor the program's folder decides what is imported.
    command = shlex.join([sys.executable, "-I", str(program)])
    launcher.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    launcher.chmod(0o755)
