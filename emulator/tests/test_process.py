"""The emulated AWS as a process that keeps running after its command."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.process import AwsProcess, AwsProcessError, NotRunningError
from emulator.tests.paths import ROOT

pytestmark = pytest.mark.emulator


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[AwsProcess]:
    process = AwsProcess(tmp_path)
    yield process
    process.stop()


def test_the_process_starts_once_and_is_found_by_another_command(
    aws: AwsProcess, tmp_path: Path
) -> None:
    assert not aws.is_running()
    assert aws.start()
    assert not aws.start(), "the process is running"
    other = AwsProcess(tmp_path)
    assert other.url == aws.url
    assert not other.start()


def test_the_process_keeps_running_after_the_command_that_started_it(
    tmp_path: Path, aws: AwsProcess
) -> None:
    program = (
        "import sys, pathlib; from emulator.process import AwsProcess; "
        f"AwsProcess(pathlib.Path({str(tmp_path)!r})).start()"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
    assert aws.is_running()


def test_a_killed_process_counts_as_not_running(aws: AwsProcess, tmp_path: Path) -> None:
    aws.start()
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
    aws.stop()
    assert not aws.is_running()
    with pytest.raises(NotRunningError, match=r"^the emulated AWS is not running$"):
        _ = aws.url


def test_a_failed_start_quotes_the_log(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    aws = AwsProcess(tmp_path, databases=tmp_path / "file")
    with pytest.raises(
        AwsProcessError, match=r"did not start; .*/log:\nemulated AWS: .*/file: File exists"
    ):
        aws.start()
    assert not aws.is_running()
