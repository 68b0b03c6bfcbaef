"""Finds the Pulumi engine: on the PATH, else by the SDK's installer, else built from its module."""

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

from emulator.engine import go_module

Source = Literal["path", "installer", "go-module"]

LANGUAGE_HOST = "pulumi-language-python"

MINIMUM_VERSION = VersionInfo(3, 259, 0)
"""Oldest CLI that is used from the PATH, as the README requires."""


class EngineUnavailableError(Exception):
    """No engine is installed and none can be had; the message says what to install."""


@dataclass(frozen=True)
class Engine:
    """A Pulumi CLI.

    Attributes:
        pulumi: The executable.
        bin_dir: Its folder.
        version: Without a leading v.
        source: How it came here.
    """

    pulumi: Path
    bin_dir: Path
    version: str
    source: Source

    @property
    def has_language_host(self) -> bool:
        """Whether the CLI came with a Python language host of its own."""
        return (self.pulumi.resolve().parent / LANGUAGE_HOST).exists() or (
            self.source == "path" and shutil.which(LANGUAGE_HOST) is not None
        )


def acquire() -> Engine:
    """Find the engine, downloading or building it the first time.

    Progress goes to stderr. Two runs at once wait for each other; a run that dies leaves nothing
    that a later one would take for an engine.

    Raises:
        EngineUnavailableError: every way failed; each with its reason.
    """
    on_path = shutil.which("pulumi")
    if on_path is not None:
        installed = engine_at(Path(on_path), "path")
        if VersionInfo.parse(installed.version) >= MINIMUM_VERSION:
            return installed
        tell(f"{on_path} is {installed.version}, older than {MINIMUM_VERSION}: not used")
    folder = cache_folder()
    with _locked(folder):
        cached = _cached(folder)
        if cached is not None:
            return cached
        return _install(folder)


def cache_folder() -> Path:
    """Give the folder that keeps the engine between runs, outside the repository."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "aurora-data-platform" / "engine" / go_module.VERSION


def language_executor() -> Path:
    """Give the SDK's `pulumi-language-python-exec`, fetched once from its Go module.

    Raises:
        EngineUnavailableError: it is not cached and Go cannot fetch it.
    """
    folder = cache_folder()
    with _locked(folder):
        executor = folder / go_module.LANGUAGE_EXECUTOR
        if not executor.exists():
            with TemporaryDirectory(dir=folder) as temporary:
                fetched = Path(temporary) / go_module.LANGUAGE_EXECUTOR
                try:
                    go_module.fetch_language_executor(fetched)
                except go_module.GoError as error:
                    raise EngineUnavailableError(str(error)) from error
                fetched.rename(executor)
        return executor


def engine_at(pulumi: Path, source: Source) -> Engine:
    """Describe a CLI by asking it for its version.

    Raises:
        EngineUnavailableError: it does not run.
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
        message = f"{pulumi} does not run: {error}"
        raise EngineUnavailableError(message) from error
    return Engine(pulumi, pulumi.parent, answer.stdout.strip().removeprefix("v"), source)


def _cached(folder: Path) -> Engine | None:
    ways: tuple[Source, ...] = ("installer", "go-module")
    for source in ways:
        pulumi = folder / source / "bin" / "pulumi"
        if pulumi.exists():
            return engine_at(pulumi, source)
    return None


def _install(folder: Path) -> Engine:
    with TemporaryDirectory(dir=folder) as temporary:
        root = Path(temporary) / "root"
        tell(f"Pulumi is not on the PATH: downloading version {go_module.VERSION}")
        try:
            PulumiCommand.install(root=str(root), version=VersionInfo.parse(go_module.VERSION))
            return _keep(root, folder, "installer")
        except (OSError, subprocess.CalledProcessError) as error:
            refused = str(error)
        shutil.rmtree(root, ignore_errors=True)
        tell(f"the download failed ({refused}): building it from its Go module instead")
        try:
            go_module.build(root / "bin" / "pulumi", tell)
        except go_module.GoError as error:
            message = (
                f"no Pulumi CLI: none is on the PATH; its download failed ({refused}); {error}. "
                f"Install Pulumi {go_module.VERSION} or newer, or the Go named above, and try again"
            )
            raise EngineUnavailableError(message) from error
        return _keep(root, folder, "go-module")


def _keep(root: Path, folder: Path, source: Source) -> Engine:
    kept = folder / source
    if kept.exists():
        shutil.rmtree(kept)
    root.rename(kept)
    tell(f"the engine is {kept / 'bin' / 'pulumi'}")
    return engine_at(kept / "bin" / "pulumi", source)


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield


def tell(message: str) -> None:
    """Show progress; stdout is for the result."""
    print(f"engine: {message}", file=sys.stderr, flush=True)
