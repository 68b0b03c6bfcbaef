"""Installation of the emulator's plugins into a separate Pulumi home."""

import os
import shlex
import sys
from importlib.metadata import version
from pathlib import Path

from emulator.engine.acquisition import Engine, language_executor

PACKAGE_ROOT = Path(__file__).resolve().parents[2]
"""The folder that contains the package `emulator`."""

RESOURCE_PLUGINS = ("aws", "random")

_RESOURCE_PLUGIN = """\
sys.path.insert(0, {folder!r})
# Without its package, whose import takes longer than everything that it does.
from hosted_plugin import attach

attach({name!r})
sys.path.pop(0)

from emulator.provider.{name}_provider import main

main()
"""


def install_plugins(pulumi_home: Path, engine: Engine) -> dict[str, str]:
    """Write launchers for the emulated providers, and for a language host if the CLI has none.

    The engine looks in its home before it downloads a plugin, and uses one with the version of the
    Python package. It would print a warning for a language host on the PATH.

    Args:
        pulumi_home: The Pulumi home; created if it does not exist.
        engine: The Pulumi CLI.

    Returns:
        Environment variables that the CLI needs.

    Raises:
        EngineUnavailableError: the CLI has no language host, and the executor of this
            one cannot be fetched.
    """
    for name in RESOURCE_PLUGINS:
        code = _RESOURCE_PLUGIN.format(name=name, folder=str(Path(__file__).parent))
        plugin = f"resource-{name}-v{version(f'pulumi-{name}')}"
        _write_launcher(pulumi_home, plugin, code)
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
    program.write_text(f"import sys\n\nsys.path.insert(0, {str(PACKAGE_ROOT)!r})\n{code}\n")
    # -I: neither the user's PYTHONPATH nor the program's folder affects imports.
    command = shlex.join([sys.executable, "-I", str(program)])
    launcher.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    launcher.chmod(0o755)
