"""`make rehearse` and `make rehearse-down`, as a user runs them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from emulator.engine import cache_folder
from tests.engine.plans import RESOURCES
from tests.engine.variables import FASTER
from tools.repository import ROOT

FOREIGN_SETTINGS = {
    "AWS_PROFILE": "no-such-profile",
    "AWS_ACCESS_KEY_ID": "the-users-own",
    "AWS_ENDPOINT_URL": "http://192.0.2.1:1",
    "PULUMI_ACCESS_TOKEN": "the-users-own",
    "PULUMI_BACKEND_URL": "https://pulumi.example.invalid",
    "PULUMI_CONFIG_PASSPHRASE_FILE": "/no/such/file",
}


class User:
    """A user with a home directory, logged in to other AWS and Pulumi accounts.

    Args:
        home: The home directory, in which no file may be created.
        folder: Folder of the rehearsal.
    """

    def __init__(self, home: Path, folder: Path) -> None:
        self.home = home
        self.folder = folder

    def command(self, *arguments: str) -> list[str]:
        return [
            sys.executable,
            "-m",
            "rehearsal",
            *arguments,
            "--folder",
            str(self.folder),
        ]

    @property
    def environment(self) -> Mapping[str, str]:
        # Only the engine's cache remains after a rehearsal, by design.
        caches = str(cache_folder().parents[2])
        own = {name: value for name, value in os.environ.items() if name not in FASTER}
        return {**own, **FOREIGN_SETTINGS, "HOME": str(self.home), "XDG_CACHE_HOME": caches}

    def run(self, *arguments: str) -> str:
        return subprocess.run(
            self.command(*arguments),
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ).stdout

    def processes(self) -> list[str]:
        listed = subprocess.run(
            ["ps", "-e", "-o", "args"], capture_output=True, text=True, check=True
        ).stdout
        return [line for line in listed.splitlines() if str(self.folder) in line]


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> User:
    folder = tmp_path_factory.mktemp("user")
    (folder / "home").mkdir()
    return User(folder / "home", folder / "rehearsal")


def test_a_ctrl_c_leaves_nothing_running(user: User) -> None:
    with subprocess.Popen(
        user.command("up"),
        cwd=ROOT,
        env=user.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if "created" in line:
                # A terminal signals the whole process group.
                os.killpg(running.pid, signal.SIGINT)
                break
        rest = running.stdout.read()
    assert running.returncode == 130, rest
    assert "interrupted: the emulated AWS is stopped, and nothing is still running" in rest
    # The engine may show its program's traceback, but none of the emulator may appear.
    assert f"{ROOT}/emulator" not in rest
    deadline = time.monotonic() + 30
    while user.processes() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert user.processes() == []


def test_a_rehearsal_deploys_rotates_and_removes_everything(user: User) -> None:
    """It starts from scratch, after the one that was interrupted."""
    stack_file = (ROOT / "Pulumi.dev.yaml").read_bytes()
    first = user.run("up")
    assert f"+ {RESOURCES['dev']} created" in first
    assert "clusterEndpoint" in first.split("output ")[1]
    assert f"{user.folder}/pulumi destroy --stack dev" in first
    second = user.run("up")
    assert f"nothing changed of {RESOURCES['dev']} resources" in second
    assert "still running from an earlier rehearsal" in second
    rotated = user.run("rotate")
    versions = [re.findall(r"the secret's version is (\S+)", text) for text in (second, rotated)]
    assert len(versions[0]) == len(versions[1]) == 1
    assert versions[0] != versions[1]
    assert "with it as aurora_master to PostgreSQL 17.10, over TLS, verified" in rotated
    user.run("policy")
    configuration = json.loads((user.folder / "policies.json").read_text())
    kept = {row["name"] for row in configuration["data-is-kept"]["kept"]}
    assert {"aurora-cluster", "aurora-instance-1", "aurora-key", "aurora-secret"} <= kept
    consumers = user.run("package")
    assert f"{user.folder}/pulumi-here\n" in consumers
    assert re.search(
        r"vpcId: +vpc-\w+\nsubnetIds: +\[subnet-\w+, subnet-\w+, subnet-\w+]", consumers
    )
    removed = user.run("down")
    assert "removed" in removed
    assert not user.folder.exists()
    assert user.processes() == []
    assert list(user.home.iterdir()) == [], "no login, no ~/.aws, no ~/.pulumi"
    assert (ROOT / "Pulumi.dev.yaml").read_bytes() == stack_file
    for secret in FOREIGN_SETTINGS.values():
        assert secret not in first


@pytest.mark.parametrize("command", ["up", "rotate", "policy"])
def test_an_unknown_stack_is_rejected_with_the_known_ones_before_anything_starts(
    user: User, command: str
) -> None:
    done = subprocess.run(
        user.command(command, "--stack", "staging"),
        cwd=ROOT,
        env=user.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "rehearsal: Pulumi.staging.yaml does not exist; there are files for dev, prod\n"
    )
    assert not user.folder.exists()


def test_removing_a_rehearsal_that_does_not_exist_is_not_an_error(user: User) -> None:
    assert "removed" in user.run("down")
