"""Test runs: each in a forked process that imports a mutant instead of the module.

No file is changed, so an interrupted run leaves nothing behind.
"""

import gc
import importlib
import os
import signal
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from operator import attrgetter
from pathlib import Path
from types import CodeType, ModuleType

import pytest

PRELOADED = (
    *("boto3", "botocore.session", "cryptography.x509", "hypothesis", "pg8000.native", "psycopg"),
    *("pulumi", "pulumi_aws", "pulumi_policy", "pulumi_random", "pydantic", "yaml"),
    *("moto.moto_server.werkzeug_app", "moto.rds.models", "moto.secretsmanager.models"),
)
"""Packages that tests import, loaded once for all mutants."""
LAZILY_LOADED = (
    *("backup.Plan", "cloudwatch.Dashboard", "iam.Role", "kms.Key", "lambda_.Function"),
    *("rds.Cluster", "secretsmanager.Secret", "sns.Topic", "vpc.SecurityGroupIngressRule"),
)
"""Classes of pulumi_aws, one of each module that it loads at the first access."""
FACTOR, SECONDS = 5.0, 10.0
"""A mutant that takes longer than so many times the unchanged module, plus so long, hangs."""


class Verdict(StrEnum):
    """Result of the tests of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    HANGS = "hangs"


class _MutantFinder(MetaPathFinder, Loader):
    """Loads one module from a text.

    Args:
        module: Name of the module.
        path: File that it is otherwise loaded from.
        source: The text.
    """

    def __init__(self, module: str, path: Path, source: str) -> None:
        self._module, self._path = module, path
        self._code: CodeType = compile(source, str(path), "exec")

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - importlib's protocol
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Find the module, and no other."""
        if fullname != self._module:
            return None
        return spec_from_file_location(fullname, self._path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        """Run the mutant's code."""
        exec(self._code, vars(module))  # noqa: S102 - this is what a loader does


def preload() -> None:
    """Load what every forked process needs."""
    for name in PRELOADED:
        importlib.import_module(name)
    for name in LAZILY_LOADED:
        attrgetter(name)(sys.modules["pulumi_aws"])


def run(path: Path, source: str, tests: Sequence[str], limit: float) -> Verdict:
    """Run tests against a module with another source.

    Args:
        path: The module, relative to the repository.
        source: Its source for this run.
        tests: Files of tests, and options of pytest.
        limit: Seconds after which the mutant hangs.
    """
    child = os.fork()
    if child == 0:
        os._exit(_run_here(path, source, tests))
    with _killed_at_exit(child):
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                return Verdict.SURVIVED if code == pytest.ExitCode.OK else Verdict.KILLED
            time.sleep(0.01)
    return Verdict.HANGS


@contextmanager
def _killed_at_exit(child: int) -> Generator[None]:
    try:
        yield
    finally:
        try:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def _run_here(path: Path, source: str, tests: Sequence[str]) -> int:
    # hypothesis is preloaded, so pytest cannot rewrite its assertions.
    options = (
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
    )
    os.setpgid(0, 0)
    # What the parent process left open is not reported as a leak of these tests.
    gc.freeze()
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    module = ".".join(path.with_suffix("").parts)
    try:
        sys.meta_path.insert(0, _MutantFinder(module, path.absolute(), source))
        return int(pytest.main([*options, *tests]))
    except BaseException:
        return int(pytest.ExitCode.INTERNAL_ERROR)
