"""The emulated AWS as a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.aws_process import AwsProcess, AwsProcessError
from tools.repository import ROOT

pytestmark = pytest.mark.emulator

REGIONS = ("us-east-2",)


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[AwsProcess]:
    made = AwsProcess(tmp_path, REGIONS)
    yield made
    made.stop()


def test_it_starts_once_and_is_found_by_another_command(aws: AwsProcess, tmp_path: Path) -> None:
    assert not aws.is_running()
    assert aws.start()
    assert not aws.start(), "it runs already"
    other = AwsProcess(tmp_path, REGIONS)
    assert other.url == aws.url
    assert not other.start()


def test_it_outlives_the_command_that_started_it(tmp_path: Path, aws: AwsProcess) -> None:
    program = (
        "import sys, pathlib; from rehearsal.aws_process import AwsProcess; "
        f"AwsProcess(pathlib.Path({str(tmp_path)!r}), {REGIONS!r}).start()"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
    assert aws.is_running()


def test_a_killed_process_counts_as_not_running(aws: AwsProcess, tmp_path: Path) -> None:
    aws.start()
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
    aws.stop()
    assert not aws.is_running()
    with pytest.raises(AwsProcessError, match="does not run"):
        _ = aws.url


def test_one_that_cannot_start_tells_its_log(tmp_path: Path) -> None:
    aws = AwsProcess(tmp_path, ("mars-east-1",))
    with pytest.raises(AwsProcessError, match="no landing zone for region 'mars-east-1'"):
        aws.start()
    assert not aws.is_running()
