"""Updates that are interrupted at a chosen step."""

import re
import signal
import subprocess

from rehearsal import Rehearsal

FIRST_CREATED = r"aws:\S+ \S+ created"


def start_and_signal(
    rehearsal: Rehearsal,
    stack: str,
    sent: signal.Signals,
    at: str = FIRST_CREATED,
    *,
    parallel: int = 16,
) -> int:
    """Start an update, signal it at a line of its output, and return its exit code.

    Args:
        rehearsal: The rehearsal of the stack.
        stack: Name of the stack.
        sent: The signal.
        at: Regular expression of the line. Default: the first resource exists.
        parallel: Number of resources that are created at the same time.
    """
    command = f"up --yes --skip-preview --non-interactive --parallel {parallel} --stack {stack}"
    with subprocess.Popen(
        [rehearsal.launcher, *command.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as engine:
        assert engine.stdout is not None
        for line in engine.stdout:
            if re.search(at, line):
                engine.send_signal(sent)
                break
        engine.stdout.read()
    return engine.returncode
