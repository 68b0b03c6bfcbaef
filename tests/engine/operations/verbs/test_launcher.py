"""The rehearsal's launcher `operations`, which reads a stack's outputs through Pulumi."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from rehearsal import Rehearsal
from tests.operations.defects.deployed import Deployed


def test_the_launcher_reads_the_outputs_through_pulumi(
    deployed: Deployed, rehearsal: Rehearsal, tmp_path: Path
) -> None:
    hostile = {"AWS_PROFILE": "nobody", "PGHOST": "elsewhere", "AWS_REGION": "eu-west-1"}
    for verb, code in (("verify", 0), ("status", 0)):
        done = subprocess.run(
            [rehearsal.operations, verb, "--stack", "dev", "--json"],
            cwd=tmp_path,
            env={**os.environ, **hostile},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        answered: dict[str, Any] = json.loads(done.stdout)
        assert (done.returncode, answered["result"]) == (code, "passed"), done.stderr


def test_an_unknown_stack_is_reported_with_pulumis_reason(
    deployed: Deployed, rehearsal: Rehearsal
) -> None:
    done = subprocess.run(
        [rehearsal.operations, "status", "--stack", "nobody"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "no stack named 'nobody' found" in done.stderr
    assert "Traceback" not in done.stderr
