"""Acquisition of the Pulumi CLI: the PATH, the SDK's installer, or a build from its module."""

import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from pulumi.automation import PulumiCommand
from semver import VersionInfo

from emulator.cache import cache_root
from emulator.engine import go_module

Source = Literal["path", "installer", "build"]

MINIMUM_VERSION = VersionInfo(3, 259, 0)
"""Oldest CLI that is used from the PATH, as the README requires."""


class EngineUnavailableError(Exception):
    """No CLI is installed or can be acquired; the message says what to install."""


@dataclass(frozen=True)
class Engine:
    """A Pulumi CLI.

    Attributes:
        pulumi: The executable.
        bin_dir: Its folder.
        version: Without a leading v.
        source: How it was acquired.
    """

    pulumi: Path
    bin_dir: Path
    version: str
    source: Source

    def has_language_host(self, language: str) -> bool:
        """Return whether the CLI was installed with its language host, for example for `yaml`."""
        name = f"pulumi-language-{language}"
        return (self.pulumi.resolve().parent / name).exists() or (
            self.source == "path" and shutil.which(name) is not None
        )


def acquire() -> Engine:
    """Return the CLI, downloading or building it the first time.

    Progress is printed to stderr. Concurrent runs wait for each other, and an interrupted run
    leaves no incomplete CLI behind.

    Raises:
        EngineUnavailableError: every method failed; the message has the reasons.
    """
    on_path = shutil.which("pulumi")
    if on_path is not None:
        installed = engine_at(Path(on_path), "path")
        if VersionInfo.parse(installed.version) >= MINIMUM_VERSION:
            return installed
        report(f"{on_path} is {installed.version}, older than {MINIMUM_VERSION}: not used")
    folder = cache_folder()
    # Before the lock, which needs a cache that can be written.
    cached = _cached(folder)
    if cached is not None:
        return cached
    with _locked(folder):
        # Another run may have installed it meanwhile.
        return _cached(folder) or _install(folder)


def cache_folder() -> Path:
    """Return the folder that caches the CLI, outside the repository."""
    return cache_root() / "engine" / go_module.VERSION


def language_executor() -> Path:
    """Return the SDK's `pulumi-language-python-exec`, fetched once from its Go module.

    Raises:
        EngineUnavailableError: it is not cached and Go cannot fetch it.
    """
    folder = cache_folder()
    executor = folder / go_module.LANGUAGE_EXECUTOR
    if executor.exists():
        return executor
    with _locked(folder):
        if not executor.exists():
            with TemporaryDirectory(dir=folder) as temporary:
                fetched = Path(temporary) / go_module.LANGUAGE_EXECUTOR
                try:
                    go_module.fetch_language_executor(fetched)
                except go_module.GoError as error:
                    raise EngineUnavailableError(str(error)) from error
                fetched.rename(executor)
        return executor


def yaml_language_host() -> Path:
    """Return the YAML language host, built once from its Go module.

    Raises:
        EngineUnavailableError: it is not cached and cannot be built.
    """
    folder = cache_folder()
    with _locked(folder):
        host = folder / f"pulumi-language-yaml-{go_module.YAML_HOST.version}"
        if not host.exists():
            with TemporaryDirectory(dir=folder) as temporary:
                built = Path(temporary) / host.name
                report("the Pulumi CLI has no YAML language host: building it from its Go module")
                try:
                    go_module.build(go_module.YAML_HOST, built, report)
                except go_module.GoError as error:
                    raise EngineUnavailableError(str(error)) from error
                built.rename(host)
        return host


def engine_at(pulumi: Path, source: Source) -> Engine:
    """Return a CLI with the version that it reports.

    Raises:
        EngineUnavailableError: it cannot be run.
    """
    try:
        answer = subprocess.run(
            [pulumi, "version"],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"},
        )
    except (OSError, subprocess.CalledProcessError) as error:
        message = f"{pulumi} cannot be run: {error}"
        raise EngineUnavailableError(message) from error
    return Engine(pulumi, pulumi.parent, answer.stdout.strip().removeprefix("v"), source)


def _cached(folder: Path) -> Engine | None:
    ways: tuple[Source, ...] = ("installer", "build")
    for source in ways:
        pulumi = folder / source / "bin" / "pulumi"
        if pulumi.exists():
            return engine_at(pulumi, source)
    return None


def _install(folder: Path) -> Engine:
    with TemporaryDirectory(dir=folder) as temporary:
        root = Path(temporary) / "root"
        report(f"Pulumi is not on the PATH: downloading version {go_module.VERSION}")
        try:
            PulumiCommand.install(root=str(root), version=VersionInfo.parse(go_module.VERSION))
            return _keep(root, folder, "installer")
        except (OSError, subprocess.CalledProcessError) as error:
            failure = str(error)
        shutil.rmtree(root, ignore_errors=True)
        report(f"the download failed ({failure}): building it from its Go module instead")
        try:
            go_module.build(go_module.CLI, root / "bin" / "pulumi", report)
        except go_module.GoError as error:
            message = (
                f"no Pulumi CLI: none is on the PATH; its download failed ({failure}); {error}. "
                f"Install Pulumi {go_module.VERSION} or newer, or the Go named above, and try again"
            )
            raise EngineUnavailableError(message) from error
        return _keep(root, folder, "build")


def _keep(root: Path, folder: Path, source: Source) -> Engine:
    kept = folder / source
    if kept.exists():
        shutil.rmtree(kept)
    root.rename(kept)
    report(f"the engine is {kept / 'bin' / 'pulumi'}")
    return engine_at(kept / "bin" / "pulumi", source)


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        message = (
            f"the Pulumi CLI cannot be cached in {folder}: {error.strerror}. Set XDG_CACHE_HOME to "
            f"a folder that can be written, or install Pulumi {go_module.VERSION} or newer"
        )
        raise EngineUnavailableError(message) from error
    with lock:
        flock(lock, LOCK_EX)
        yield


def report(message: str) -> None:
    """Print progress to stderr; stdout is for the result."""
    print(f"engine: {message}", file=sys.stderr, flush=True)
