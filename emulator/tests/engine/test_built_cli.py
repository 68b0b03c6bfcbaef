"""The CLI that is built from its Go module, with its change (`go_module.DICTIONARIES`)."""

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from emulator.engine import acquire, go_module

Pulumi = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def pulumi(tmp_path: Path) -> Pulumi:
    """Return a function that runs the CLI in a project with a stack."""
    engine = acquire()
    if engine.source != "build":
        pytest.skip("this machine has a CLI of Pulumi's own")
    (tmp_path / "Pulumi.yaml").write_text("{name: project, runtime: yaml}\n", encoding="utf-8")
    own = {
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": tmp_path.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "passphrase",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }

    def run(
        *words: str, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [engine.pulumi, *words],
            cwd=tmp_path,
            env={**os.environ, **own, **(variables or {})},
            capture_output=True,
            text=True,
            check=False,
        )

    created = run("stack", "init", "dev")
    assert created.returncode == 0, created.stderr
    return run


@pytest.mark.engine
def test_a_command_starts_without_the_dictionaries(pulumi: Pulumi) -> None:
    traced = pulumi("version", variables={"GODEBUG": "inittrace=1"}).stderr
    lines = re.findall(rf"^init {go_module.DICTIONARIES.module}/(\w+) .* (\d+) bytes", traced, re.M)
    allocated = {package: int(number) for package, number in lines}
    assert allocated["adjacency"] > 100_000, "what the module still loads"
    assert allocated["frequency"] < 100_000
    assert allocated["matching"] < 100_000


@pytest.mark.engine
def test_a_password_is_still_recognized_by_the_dictionaries(pulumi: Pulumi) -> None:
    """Random characters look like a secret; words of a dictionary, repeated, do not."""
    known = pulumi("config", "set", "session-token", "passwordpassword")
    assert (known.returncode, known.stderr) == (0, "")
    random = pulumi("config", "set", "session-token", "qVx7kJr9wZb3mTf5")
    assert random.returncode != 0
    assert "config value for 'project:session-token' looks like a secret" in random.stderr
