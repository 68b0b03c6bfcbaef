"""Pulumi's own plugins, instead of the emulated providers."""

import os
import subprocess
from importlib.metadata import version
from pathlib import Path

from emulator.engine.acquisition import Engine, EngineUnavailableError, report
from emulator.engine.plugins import RESOURCE_PLUGINS, install_language_host, variables
from emulator.isolation import scrub_environment


def install_official_plugins(pulumi_home: Path, engine: Engine) -> dict[str, str]:
    """Download the plugins of the installed Python packages' versions, unless they are installed.

    Args:
        pulumi_home: The Pulumi home, which must have no emulated providers.
        engine: The Pulumi CLI.

    Returns:
        Environment variables that the CLI needs.

    Raises:
        EngineUnavailableError: a plugin cannot be downloaded.
    """
    environment = dict(os.environ)
    scrub_environment(environment)
    environment |= {"PULUMI_HOME": str(pulumi_home), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    for name in RESOURCE_PLUGINS:
        wanted = version(f"pulumi-{name}")
        if (pulumi_home / "plugins" / f"resource-{name}-v{wanted}").exists():
            continue
        report(f"downloading the official {name} plugin {wanted}")
        done = subprocess.run(
            [engine.pulumi, "plugin", "install", "resource", name, wanted],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
            message = (
                f"the official {name} plugin {wanted} cannot be downloaded ({said}): use the "
                "emulated provider, which is the default, or a machine that reaches the download"
            )
            raise EngineUnavailableError(message)
    install_language_host(pulumi_home, engine)
    return variables(pulumi_home, engine)
