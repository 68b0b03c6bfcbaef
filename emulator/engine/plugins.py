"""Installation of the emulator's plugins into a separate Pulumi home."""

import os
import shlex
import sys
from importlib.metadata import version
from pathlib import Path

from emulator.engine.acquisition import Engine, language_executor, yaml_language_host

PACKAGE_ROOT = Path(__file__).resolve().parents[2]
"""The folder that contains the package `emulator`."""

RESOURCE_PLUGINS = ("aws", "random")

_PLUGIN = """\
sys.path.insert(0, {folder!r})
# Without its package, whose import takes longer than everything that it does.
from hosted_plugin import {attach}

{attach}({argument!r})
sys.path.pop(0)

from {module} import main

{main}
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
    # The engine keeps the schema of a version, but an emulated provider changes within one.
    for cached in (pulumi_home / "plugins").glob("schema-*.json"):
        cached.unlink()
    for name in RESOURCE_PLUGINS:
        code = _plugin("attach", name, f"emulator.provider.{name}_provider", "main()")
        plugin = f"resource-{name}-v{version(f'pulumi-{name}')}"
        _write_launcher(pulumi_home, plugin, code)
    install_language_host(pulumi_home, engine)
    return variables(pulumi_home, engine)


def install_language_host(pulumi_home: Path, engine: Engine) -> None:
    """Install the host of Python programs, if the CLI has none.

    Args:
        pulumi_home: The Pulumi home.
        engine: The Pulumi CLI.

    Raises:
        EngineUnavailableError: the executor of this host cannot be fetched.
    """
    if not engine.has_language_host("python"):
        executor = str(language_executor())
        main = f"main({executor!r}, sys.argv[1:])"
        code = _plugin(
            "attach_language_host", executor, "emulator.engine.languages.python_host", main
        )
        _write_launcher(pulumi_home, f"language-python-v{engine.version}", code)


def variables(pulumi_home: Path, engine: Engine) -> dict[str, str]:
    """Return the variables with which the CLI uses this home."""
    return {
        "PULUMI_HOME": str(pulumi_home),
        "PATH": os.pathsep.join([str(engine.bin_dir), os.environ.get("PATH", os.defpath)]),
    }


def install_yaml_language_host(pulumi_home: Path, engine: Engine) -> None:
    """Install the host of YAML programs, if the CLI has none.

    Args:
        pulumi_home: The Pulumi home.
        engine: The Pulumi CLI.

    Raises:
        EngineUnavailableError: it cannot be built.
    """
    if engine.has_language_host("yaml"):
        return
    folder = pulumi_home.absolute() / "plugins" / f"language-yaml-v{engine.version}"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "pulumi-language-yaml"
    if not link.is_symlink():
        link.symlink_to(yaml_language_host())


def install_node_language_host(pulumi_home: Path, engine: Engine) -> None:
    """Install the host of Node.js programs, if the CLI has none.

    Args:
        pulumi_home: The Pulumi home.
        engine: The Pulumi CLI.
    """
    if not engine.has_language_host("nodejs"):
        code = "from emulator.engine.languages.node_host import main\n\nmain()"
        _write_launcher(pulumi_home, f"language-nodejs-v{engine.version}", code)


def _plugin(attach: str, argument: str, module: str, main: str) -> str:
    """Return the code of a plugin that runs itself where no plugins are served."""
    folder = str(Path(__file__).parent)
    return _PLUGIN.format(folder=folder, attach=attach, argument=argument, module=module, main=main)


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
