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
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from emulator.engine.module_patch import ModulePatch, PatchError

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
PROGRESS_SECONDS = 10.0
_QUOTED_LINES = 5
_NOT_COMPILED = "{{if .Stale}}{{.ImportPath}}{{end}}"
_PACKAGE = re.compile(r"[\w.~/-]+")
"""A line of `go build -v`; Go's other messages contain spaces or colons."""


@dataclass(frozen=True)
class GoProgram:
    """A program that is built from its Go module.

    Attributes:
        module: Folder of the module that pins it.
        package: Its main package.
        version_variable: Go variable that contains its version.
        version: Its version, without a leading v.
        duration: Duration of the build on two cores, in words.
        patch: Change of a module that it depends on.
    """

    module: Path
    package: str
    version_variable: str
    version: str
    duration: str
    patch: ModulePatch | None = None


DICTIONARIES = ModulePatch(
    "github.com/ccojocar/zxcvbn-go",
    {
        "frequency/frequency.go": [("func init() {", "func Load() {")],
        "matching/matching.go": [
            ("func init() {\n\tloadFrequencyList()\n}\n", ""),
            (
                "func loadFrequencyList() {\n",
                "func loadFrequencyList() {\n\tfrequency.Load()\n",
            ),
        ],
    },
)
"""Halves the CPU time that a command of the CLI needs to start.

The CLI recognizes passwords in `pulumi config set` with dictionaries. The library loads them when a
program starts and, if they are missing, before their first use. With this change, it loads them
only before their first use.
"""

CLI = GoProgram(
    CLI_MODULE,
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    f"{SDK_MODULE}/go/common/version.Version",
    VERSION,
    "six minutes",
    DICTIONARIES,
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
    report(f"the first build takes about {program.duration} on two cores; loading its modules")
    with TemporaryDirectory() as folder:
        options = ["-trimpath", *_module_options(program, Path(folder), go)]
        missing = _run(
            [go, "list", "-deps", *options, "-f", _NOT_COMPILED, program.package], program.module
        )
        flag = f"-X {program.version_variable}=v{program.version}"
        command = [
            *(go, "build", "-v", *options, "-ldflags", f"-s -w {flag}"),
            *("-o", str(target), program.package),
        ]
        try:
            _compile(command, program.module, len(missing.split()), report)
        except KeyboardInterrupt:
            report(
                "interrupted; Go has kept what is compiled, and the next start continues from there"
            )
            raise


def _module_options(program: GoProgram, folder: Path, go: str) -> list[str]:
    """Return options of Go that build with the program's patch, which is written to the folder."""
    if program.patch is None:
        return []
    # Prints the folder of the version that go.mod pins.
    answer = _run([go, "mod", "download", "-json", program.patch.module], program.module)
    try:
        module_file = program.patch.write(Path(json.loads(answer)["Dir"]), program.module, folder)
    except PatchError as error:
        raise GoError(str(error)) from error
    return [f"-modfile={module_file}"]


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


def _compile(
    command: Sequence[str], module: Path, expected: int, report: Callable[[str], None]
) -> None:
    """Run `go build -v`, which prints each package that it compiles, and report the progress."""
    others: deque[str] = deque(maxlen=_QUOTED_LINES)
    compiled, started, reported = 0, time.monotonic(), 0.0
    with subprocess.Popen(
        command, cwd=module, env=_environment(), stderr=subprocess.PIPE, text=True
    ) as child:
        if child.stderr is None:
            message = "a process without its pipe"
            raise RuntimeError(message)
        try:
            for line in child.stderr:
                if _PACKAGE.fullmatch(line.strip()):
                    compiled += 1
                else:
                    others.append(line.rstrip())
                seconds = time.monotonic() - started
                if seconds - reported >= PROGRESS_SECONDS:
                    reported = seconds
                    report(f"compiled {compiled} of {expected} packages in {seconds:.0f} s")
        except BaseException:
            child.terminate()
            child.wait()
            raise
    if child.returncode != 0:
        raise _failure(command, others)


def _run(command: Sequence[str], module: Path = CLI_MODULE) -> str:
    done = subprocess.run(
        command, cwd=module, env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise _failure(command, done.stderr.strip().splitlines()[-_QUOTED_LINES:])
    return done.stdout


def _environment() -> dict[str, str]:
    # Never download another Go than the installed one.
    own = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=readonly"}
    return os.environ | own


def _failure(command: Sequence[str], last_lines: Iterable[str]) -> GoError:
    quoted = "\n".join(last_lines)
    return GoError(f"`{' '.join(command[:3])}` failed: {quoted}")
