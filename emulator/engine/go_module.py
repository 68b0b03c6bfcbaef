"""The Pulumi CLI, its YAML language host and its Python executor from their Go modules.

`cli_module/` is a module whose only import is the CLI's main package: `go install` rejects that
package by itself, because its go.mod has replace directives. `yaml_module/` pins the language host
in the same way; the two need different versions of `pkg/v3`.
"""

import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "CLI_MODULE",
    "VERSION",
    "GoError",
    "find_go",
    "generate_sdks",
]

VERSION = "3.274.1"
"""Version of the modules pkg/v3 and sdk/v3, as pinned in cli_module/go.mod."""

SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
LANGUAGE_EXECUTOR = "pulumi-language-python-exec"
CLI_MODULE = Path(__file__).parent / "cli_module"
YAML_MODULE = Path(__file__).parent / "yaml_module"
PROGRESS_SECONDS = 30.0


@dataclass(frozen=True)
class GoProgram:
    """A program that is built from its Go module.

    Attributes:
        module: Folder of the module that pins it.
        package: Its main package.
        version_variable: Go variable that contains its version.
        version: Its version, without a leading v.
        duration: Duration of the build on two cores, in words.
    """

    module: Path
    package: str
    version_variable: str
    version: str
    duration: str


CLI = GoProgram(
    CLI_MODULE,
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    f"{SDK_MODULE}/go/common/version.Version",
    VERSION,
    "six minutes",
)
YAML_HOST = GoProgram(
    YAML_MODULE,
    "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    "github.com/pulumi/pulumi-yaml/pkg/version.Version",
    # Older ones have no Link, which `pulumi package add` of this CLI calls.
    "1.32.0",
    "two minutes",
)


class GoError(Exception):
    """Go is missing, too old, or failed."""


def build(program: GoProgram, target: Path, report: Callable[[str], None]) -> None:
    """Build a program, once.

    Args:
        program: The program.
        target: Path of the executable.
        report: Prints progress.

    Raises:
        GoError: Go is missing, too old, or the build failed.
    """
    go = find_go()
    report(f"the first build takes about {program.duration} on two cores")
    flag = f"-X {program.version_variable}=v{program.version}"
    command = [
        *(go, "build", "-trimpath", "-ldflags", f"-s -w {flag}"),
        *("-o", str(target), program.package),
    ]
    finished = threading.Event()
    ticker = threading.Thread(target=_tick, args=(report, finished), daemon=True)
    ticker.start()
    try:
        _run(command, program.module)
    finally:
        finished.set()
        ticker.join()


def fetch_language_executor(target: Path) -> None:
    """Copy `pulumi-language-python-exec` out of the SDK's module.

    Raises:
        GoError: Go is missing, too old, or cannot fetch the module.
    """
    answer = _run([find_go(), "mod", "download", "-json", f"{SDK_MODULE}@v{VERSION}"])
    folder = Path(json.loads(answer)["Dir"])
    shutil.copyfile(folder / "python" / "cmd" / LANGUAGE_EXECUTOR, target)


def generate_sdks(schema: Path, folder: Path) -> None:
    """Generate the SDKs of a package, in a folder for each language.

    Args:
        schema: The package's schema, a JSON file with a version.
        folder: Gets the folders `go`, `nodejs` and `python`.

    Raises:
        GoError: Go is missing, too old, or the schema is invalid.
    """
    _run([find_go(), "run", "-trimpath", "./sdks", str(schema.absolute()), str(folder.absolute())])


def find_go() -> str:
    """Return the Go command, if it can build the CLI.

    Raises:
        GoError: Go is missing or older than cli_module/go.mod requires.
    """
    go = shutil.which("go")
    if go is None:
        message = f"Go is not installed; building the CLI needs Go {wanted_go()} or newer"
        raise GoError(message)
    found = _run([go, "env", "GOVERSION"]).strip().removeprefix("go")
    if numbers(found) < numbers(wanted_go()):
        message = f"Go {found} is too old; building the CLI needs Go {wanted_go()} or newer"
        raise GoError(message)
    return go


def wanted_go() -> str:
    """Return the Go version that cli_module/go.mod requires."""
    for line in (CLI_MODULE / "go.mod").read_text().splitlines():
        if line.startswith("go "):
            return line.removeprefix("go ").strip()
    message = f"{CLI_MODULE / 'go.mod'} has no go line"
    raise GoError(message)


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of `1.26.6` or `1.26rc1`, which compare in version order."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _run(command: Sequence[str], module: Path = CLI_MODULE) -> str:
    # Never download another Go than the installed one.
    environment = os.environ | {
        "CGO_ENABLED": "0",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-mod=readonly",
    }
    done = subprocess.run(
        command, cwd=module, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        last_lines = "\n".join(done.stderr.strip().splitlines()[-5:])
        message = f"`{' '.join(command[:3])}` failed: {last_lines}"
        raise GoError(message)
    return done.stdout


def _tick(report: Callable[[str], None], finished: threading.Event) -> None:
    started = time.monotonic()
    while not finished.wait(PROGRESS_SECONDS):
        report(f"still building after {time.monotonic() - started:.0f} s")
