"""The Pulumi CLI and the Python executor out of their Go modules.

`cli_module/` is a module whose only import is the CLI's main package: `go install` refuses that
package by itself, because its own go.mod has replace lines.
"""

import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

VERSION = "3.274.1"
"""Version of the modules pkg/v3 and sdk/v3, as pinned in cli_module/go.mod."""

CLI_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
LANGUAGE_EXECUTOR = "pulumi-language-python-exec"
CLI_MODULE = Path(__file__).parent / "cli_module"
PROGRESS_SECONDS = 30.0


class GoError(Exception):
    """Go is missing, too old, or failed."""


def build(target: Path, tell: Callable[[str], None]) -> None:
    """Build the CLI: about six minutes on two cores, once.

    Args:
        target: Where the executable goes.
        tell: Shows progress.

    Raises:
        GoError: Go is missing, too old, or the build failed.
    """
    go = find_go()
    tell("the first build takes about six minutes on two cores")
    flag = f"-X {SDK_MODULE}/go/common/version.Version=v{VERSION}"
    command = [
        *(go, "build", "-trimpath", "-ldflags", f"-s -w {flag}"),
        *("-o", str(target), CLI_PACKAGE),
    ]
    finished = threading.Event()
    ticker = threading.Thread(target=_tick, args=(tell, finished), daemon=True)
    ticker.start()
    try:
        _run(command)
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


def find_go() -> str:
    """Find a Go that can build the CLI.

    Raises:
        GoError: there is none, or it is older than cli_module/go.mod asks for.
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
    """Read the Go version that cli_module/go.mod asks for."""
    for line in (CLI_MODULE / "go.mod").read_text().splitlines():
        if line.startswith("go "):
            return line.removeprefix("go ").strip()
    message = f"{CLI_MODULE / 'go.mod'} has no go line"
    raise GoError(message)


def numbers(version: str) -> tuple[int, ...]:
    """Turn `1.26.6` or `1.26rc1` into numbers that compare."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _run(command: Sequence[str]) -> str:
    # A newer Go than the installed one is never downloaded behind the user's back.
    environment = os.environ | {
        "CGO_ENABLED": "0",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-mod=readonly",
    }
    done = subprocess.run(
        command, cwd=CLI_MODULE, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        last_lines = "\n".join(done.stderr.strip().splitlines()[-5:])
        message = f"`{' '.join(command[:3])}` failed: {last_lines}"
        raise GoError(message)
    return done.stdout


def _tick(tell: Callable[[str], None], finished: threading.Event) -> None:
    started = time.monotonic()
    while not finished.wait(PROGRESS_SECONDS):
        tell(f"still building after {time.monotonic() - started:.0f} s")
