"""Pulumi's own plugins, with a command in place of the CLI.

What these tests cannot show: the plugins themselves, which are downloaded.
"""

from importlib.metadata import version
from pathlib import Path

import pytest

from emulator.engine import (
    Engine,
    EngineUnavailableError,
    install_official_plugins,
)
from emulator.isolation import emulated_aws

CLI = """#!/bin/sh
env | grep -E '^(AWS|PULUMI)_' | sort >> "{folder}/environment"
echo "$@" >> "{folder}/calls"
test -z "{refusal}" || {{ echo "error: {refusal}" >&2; exit 1; }}
mkdir -p "$PULUMI_HOME/plugins/resource-$4-v$5"
"""

VERSIONS = {name: version(f"pulumi-{name}") for name in ("aws", "random")}


def cli(folder: Path, refusal: str = "") -> Engine:
    pulumi = folder / "pulumi"
    pulumi.write_text(CLI.format(folder=folder, refusal=refusal), encoding="utf-8")
    pulumi.chmod(0o755)
    (folder / "pulumi-language-python").touch()
    return Engine(pulumi, folder, "3.999.0", "build")


def test_the_plugins_of_the_installed_packages_are_downloaded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "the-users-own")
    monkeypatch.setenv("AWS_PROFILE", "the-users-own")
    home, engine = tmp_path / "home", cli(tmp_path)
    install_official_plugins(home, engine)
    assert install_official_plugins(home, engine)["PULUMI_HOME"] == str(home)
    assert (tmp_path / "calls").read_text().splitlines() == [
        f"plugin install resource {name} {VERSIONS[name]}" for name in ("aws", "random")
    ]
    seen = dict(line.split("=", 1) for line in (tmp_path / "environment").read_text().splitlines())
    assert seen == {
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "PULUMI_HOME": str(home),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def test_a_download_that_fails_names_plugin_reason_and_remedy(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailableError) as caught:
        install_official_plugins(tmp_path / "home", cli(tmp_path, "no route to host"))
    assert str(caught.value) == (
        f"the official aws plugin {VERSIONS['aws']} cannot be downloaded (error: no route to "
        "host): use the emulated provider, which is the default, or a machine that reaches the "
        "download"
    )


def test_the_official_plugin_sees_the_emulated_endpoint_and_no_users_settings() -> None:
    assert emulated_aws("http://127.0.0.1:4566") == {
        "AWS_ACCESS_KEY_ID": "emulator",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_SECRET_ACCESS_KEY": "emulator",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }
