"""Acquisition of the Pulumi engine, without downloads."""

import os
import subprocess
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import PulumiCommand

from emulator.engine import (
    EngineUnavailableError,
    acquire,
    go_module,
    install_plugins,
    install_yaml_language_host,
)
from emulator.engine.acquisition import Engine, cache_folder

FAKE_PULUMI = "#!/bin/sh\necho v3.999.0\n"


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the folder of a machine with an empty PATH and an empty cache."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def put(path: Path, text: str = FAKE_PULUMI) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def reject_download(monkeypatch: pytest.MonkeyPatch) -> None:
    def install(**_: Any) -> None:
        message = "no route to host"
        raise OSError(message)

    monkeypatch.setattr(PulumiCommand, "install", install)


def test_a_pulumi_on_the_path_is_used_directly(machine: Path) -> None:
    pulumi = put(machine / "bin" / "pulumi")
    assert acquire() == Engine(pulumi, pulumi.parent, "3.999.0", "path")
    assert not (machine / "cache").exists()


@pytest.mark.parametrize(
    ("version", "source"),
    [("3.258.9", "build"), ("3.259.0-alpha.1", "build"), ("3.259.0", "path")],
)
def test_a_pulumi_on_the_path_older_than_the_minimum_is_not_used(
    machine: Path, capfd: pytest.CaptureFixture[str], version: str, source: str
) -> None:
    put(machine / "bin" / "pulumi", f"#!/bin/sh\necho v{version}\n")
    put(cache_folder() / "build" / "bin" / "pulumi")
    assert acquire().source == source
    assert (f"{version}, older than 3.259.0: not used" in capfd.readouterr().err) == (
        source != "path"
    )


def test_a_cached_engine_is_used_without_a_download(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reject_download(monkeypatch)
    pulumi = put(cache_folder() / "build" / "bin" / "pulumi")
    assert acquire() == Engine(pulumi, pulumi.parent, "3.999.0", "build")


def test_a_downloaded_engine_is_cached(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def install(root: str, **_: Any) -> None:
        put(Path(root) / "bin" / "pulumi")

    monkeypatch.setattr(PulumiCommand, "install", install)
    first = acquire()
    assert first.source == "installer"
    assert first.pulumi == cache_folder() / "installer" / "bin" / "pulumi"
    reject_download(monkeypatch)
    assert acquire() == first


def test_without_a_download_the_engine_is_built(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    reject_download(monkeypatch)

    def build(program: go_module.GoProgram, target: Path, _tell: object) -> None:
        put(target)

    monkeypatch.setattr(go_module, "build", build)
    assert acquire().source == "build"
    captured = capfd.readouterr()
    assert captured.out == ""
    assert "the download failed (no route to host): building it from its Go module" in captured.err


def test_without_download_and_go_both_reasons_and_the_remedy_are_reported(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reject_download(monkeypatch)
    with pytest.raises(EngineUnavailableError) as rejection:
        acquire()
    text = str(rejection.value)
    assert "its download failed (no route to host)" in text
    assert f"Go is not installed; building the CLI needs Go {go_module.wanted_go()}" in text
    assert "Install Pulumi 3.274.1 or newer, or the Go named above" in text


def test_an_old_go_is_rejected(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reject_download(monkeypatch)
    put(machine / "bin" / "go", "#!/bin/sh\necho go1.20.3\n")
    with pytest.raises(EngineUnavailableError, match=r"Go 1\.20\.3 is too old"):
        acquire()


def test_a_killed_build_leaves_no_engine_in_the_cache(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reject_download(monkeypatch)

    def build(program: go_module.GoProgram, target: Path, _tell: object) -> None:
        put(target)
        raise KeyboardInterrupt

    monkeypatch.setattr(go_module, "build", build)
    with pytest.raises(KeyboardInterrupt):
        acquire()
    assert [path.name for path in cache_folder().iterdir()] == ["lock"]


def test_the_yaml_language_host_is_built_once_for_a_cli_without_one(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []

    def build(program: go_module.GoProgram, target: Path, _report: object) -> None:
        built.append(f"{program.package}@v{program.version}")
        put(target)

    monkeypatch.setattr(go_module, "build", build)
    put(cache_folder() / "build" / "bin" / "pulumi")
    for _ in range(2):
        install_yaml_language_host(machine / "home", acquire())
    assert built == ["github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml@v1.32.0"]
    host = machine / "home" / "plugins" / "language-yaml-v3.999.0" / "pulumi-language-yaml"
    assert host.resolve() == cache_folder() / "pulumi-language-yaml-1.32.0"
    pins = (go_module.YAML_MODULE / "go.mod").read_text(encoding="utf-8")
    assert f"pulumi-yaml v{go_module.YAML_HOST.version}\n" in pins


def test_the_yaml_language_host_of_the_cli_is_used(machine: Path) -> None:
    put(machine / "bin" / "pulumi")
    put(machine / "bin" / "pulumi-language-yaml")
    install_yaml_language_host(machine / "home", acquire())
    assert not (machine / "home").exists()


def test_a_yaml_language_host_that_cannot_be_built_is_reported(machine: Path) -> None:
    put(cache_folder() / "build" / "bin" / "pulumi")
    with pytest.raises(EngineUnavailableError, match="Go is not installed"):
        install_yaml_language_host(machine / "home", acquire())


def test_a_broken_engine_is_reported_with_its_path(machine: Path) -> None:
    put(machine / "bin" / "pulumi", "#!/bin/sh\nexit 3\n")
    with pytest.raises(EngineUnavailableError, match=r"bin/pulumi cannot be run"):
        acquire()


def test_plugins_are_launchers_of_this_interpreter_and_repository(machine: Path) -> None:
    put(machine / "bin" / "pulumi")
    put(machine / "bin" / "pulumi-language-python")
    put(machine / "home" / "plugins" / "schema-aws-7.0.0-.json")
    variables = install_plugins(machine / "home", acquire())
    plugins = sorted(path.name for path in (machine / "home" / "plugins").iterdir())
    assert [name.rpartition("-v")[0] for name in plugins] == ["resource-aws", "resource-random"]
    assert variables["PULUMI_HOME"] == str(machine / "home")
    launcher = machine / "home" / "plugins" / plugins[0] / "pulumi-resource-aws"
    rejected = subprocess.run(
        [launcher, "127.0.0.1:1"], capture_output=True, text=True, check=False, env={}
    )
    assert rejected.returncode == 1
    assert "aws provider: EMULATOR_AWS_ENDPOINT is not set" in rejected.stderr
    assert os.access(launcher, os.X_OK)


def test_a_cache_that_cannot_be_written_is_reported_with_the_remedy(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(machine / "file"))
    with pytest.raises(EngineUnavailableError) as rejection:
        acquire()
    assert str(rejection.value) == (
        f"the Pulumi CLI cannot be cached in {cache_folder()}: Not a directory. Set "
        "XDG_CACHE_HOME to a folder that can be written, or install Pulumi 3.274.1 or newer"
    )


def test_a_cached_engine_is_used_while_another_run_holds_the_lock(machine: Path) -> None:
    put(cache_folder() / "build" / "bin" / "pulumi")
    with (cache_folder() / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        assert acquire().source == "build"
