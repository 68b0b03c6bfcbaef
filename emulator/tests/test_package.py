"""The package: its wheel, its README and its changelog.

The wheel is installed into a fresh virtual environment that sees this one's packages, so that no
index is needed. That the declared versions can be installed is shown by a real installation only.
"""

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.engine import cache_folder
from emulator.process import AwsProcess, NotRunningError
from emulator.provider import AwsConnection
from emulator.tests.paths import EMULATOR

README = (EMULATOR / "README.md").read_text(encoding="utf-8")
FILE = re.compile(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"^```sh\n(.*?)^```\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Walkthrough:
    """A reader of the README in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Makes pip see the packages of this environment, as well as its build backend.
        packages = folder / "venv" / Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
        packages.mkdir(parents=True)
        (packages / "here.pth").write_text(sysconfig.get_path("purelib") + "\n")
        kept = {name: os.environ[name] for name in ("HOME", "PATH")}
        self._environment = {
            **kept,
            "EMULATOR": str(EMULATOR),
            "PATH": f"{Path(sys.executable).resolve().parent}:{kept['PATH']}",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_BUILD_ISOLATION": "0",
            "PIP_NO_INDEX": "1",
            "XDG_CACHE_HOME": str(cache_folder().parents[2]),
        }

    def write_files(self) -> None:
        for name, text in FILE.findall(README):
            (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, commands: str) -> str:
        done = subprocess.run(
            ["/bin/sh", "-euc", commands],
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout


@pytest.fixture
def walkthrough(tmp_path: Path) -> Iterator[Walkthrough]:
    reader = Walkthrough(tmp_path)
    yield reader
    AwsProcess(tmp_path / ".emulator" / "aws").stop()


def assert_shown(expected: str, output: str) -> None:
    """Compare lines in their order; `…` stands for anything."""
    pattern = ".*".join(f"^{re.escape(line).replace('…', '.*')}$" for line in expected.splitlines())
    assert re.search(pattern, output, re.MULTILINE | re.DOTALL), output


@pytest.mark.engine
def test_the_readmes_program_is_deployed_by_its_commands(walkthrough: Walkthrough) -> None:
    walkthrough.write_files()
    steps = STEP.findall(README)
    assert len(steps) == 4
    aws = AwsProcess(walkthrough.folder / ".emulator" / "aws")
    for commands, expected in steps:
        assert_shown(expected, walkthrough.run(commands))
        if "pulumi up" in commands:
            found = rds_clusters(aws.url)
            assert found == [("orders", "17.7", "aurora-postgresql", True)]
    with pytest.raises(NotRunningError):
        _ = aws.url
    assert not (walkthrough.folder / ".emulator").exists()


def rds_clusters(url: str) -> list[tuple[str, ...]]:
    found = AwsConnection(url, "us-east-2").call("rds", "describe_db_clusters")["DBClusters"]
    members = ("DatabaseName", "EngineVersion", "Engine", "StorageEncrypted")
    return [tuple(each[name] for name in members) for each in found]


def test_the_changelog_has_the_version() -> None:
    project = tomllib.loads((EMULATOR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = re.findall(r"^## (\S+)$", (EMULATOR / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[:2] == ["Unreleased", project["version"]]


def documented(column: str) -> set[str]:
    """Return the first column of the table with this header."""
    table = README.split(f"| {column} |")[1].split("\n\n")[0]
    return set(re.findall(r"^\| `([\w.]+)` \|", table, re.MULTILINE))


def test_every_environment_variable_is_documented_and_no_other() -> None:
    used = {
        name
        for path in EMULATOR.rglob("*.py")
        if not path.is_relative_to(EMULATOR / "tests")
        for name in re.findall(r'"(EMULATOR_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert documented("variable") == used
