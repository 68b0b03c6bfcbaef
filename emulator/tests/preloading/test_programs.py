"""Programs forked from a process with their libraries behave as programs that start alone."""

import fcntl
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from emulator.preloading import programs
from emulator.preloading.programs import PARENTS, PreloadedPrograms, Process, Program, start

SECONDS = 60.0
STATE = """
import json, sys
import pulumi_random, pulumi_aws
pulumi_aws.sns.Topic, pulumi_random.RandomId
print(json.dumps({name: type(module).__name__ for name, module in sys.modules.items()}))
"""
"""Imports two SDKs, uses a few of their modules and prints which modules are loaded."""


@pytest.fixture
def preloaded() -> Iterator[PreloadedPrograms]:
    started = PreloadedPrograms()
    yield started
    started.close()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Program]:
    def program(
        text: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> Program:
        executor = tmp_path / sha256(text.encode()).hexdigest()
        executor.write_text(text)
        return Program(
            python=Path(sys.executable),
            executor=executor,
            arguments=arguments,
            folder=str(tmp_path),
            environment=environment or {"PATH": os.defpath},
            configuration={},
            output=None,
            errors=None,
        )

    return program


def outcome(started: Callable[[Program], Process], program: Program) -> tuple[int, str, str]:
    """Run a program; return its exit code, output and errors."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        code = started(replace(program, output=output, errors=errors)).wait(SECONDS)
        output.seek(0)
        errors.seek(0)
        return code, output.read().decode(), errors.read().decode()


def printed(started: Callable[[Program], Process], program: Program) -> str:
    code, output, errors = outcome(started, program)
    assert (code, errors) == (0, "")
    return output.strip()


def test_a_program_has_its_arguments_folder_configuration_and_no_input(
    preloaded: PreloadedPrograms, write: Callable[..., Program], tmp_path: Path
) -> None:
    program = write(
        "import os, sys\n"
        "print(sys.argv[1:], os.getcwd(), os.environ['PULUMI_CONFIG'], repr(sys.stdin.read()),\n"
        "      __name__, sys.path[0])",
        *("--stack", "dev"),
    )
    configured = replace(program, configuration={"PULUMI_CONFIG": "{}"})
    expected = f"['--stack', 'dev'] {tmp_path} {{}} '' __main__ {tmp_path}"
    assert printed(start, configured) == expected
    assert [printed(preloaded.start, configured) for _ in range(3)] == [expected] * 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", 0),
        ("raise SystemExit(32)", 32),
        ("raise SystemExit('reason')", 1),
        ("1 / 0", 1),
        ("import os; os.kill(os.getpid(), 9)", -9),
    ],
)
def test_its_exit_code_and_last_line_are_those_of_a_program_that_starts_alone(
    preloaded: PreloadedPrograms, write: Callable[..., Program], text: str, code: int
) -> None:
    alone, forked = outcome(start, write(text)), outcome(preloaded.start, write(text))
    assert alone[0] == forked[0] == code
    assert alone[2].splitlines()[-1:] == forked[2].splitlines()[-1:]


def test_it_ends_after_its_threads_its_exit_functions_and_its_output(
    preloaded: PreloadedPrograms, write: Callable[..., Program]
) -> None:
    program = write(
        "import atexit, threading, time\n"
        "atexit.register(print, 'ended')\n"
        "threading.Thread(target=lambda: (time.sleep(0.2), print('thread'))).start()\n"
        "print('program')\n"
        "raise SystemExit"
    )
    buffered = replace(program, options=())
    assert printed(start, buffered) == "program\nthread\nended"
    assert [printed(preloaded.start, buffered) for _ in range(2)] == ["program\nthread\nended"] * 2


def test_many_programs_that_end_at_the_same_time_are_all_reported(
    preloaded: PreloadedPrograms, write: Callable[..., Program], tmp_path: Path
) -> None:
    """The handler of a signal that reports a program's end is interrupted by the next signal."""
    gate = tmp_path / "gate"
    program = write(
        "import fcntl, os, sys, time\n"
        f"fcntl.flock(os.open({str(gate)!r}, os.O_RDONLY), fcntl.LOCK_SH)\n"
        "number = int(sys.argv[1])\n"
        # While the handler reports others.
        "time.sleep(number * 0.00005)\n"
        "os._exit(number)"
    )
    for _ in range(8):
        with gate.open("w") as closed:
            fcntl.flock(closed, fcntl.LOCK_EX)
            running = [preloaded.start(replace(program, arguments=(str(n),))) for n in range(40)]
        assert [each.wait(SECONDS) for each in running] == list(range(40))


def test_installed_modules_are_imported_before_the_second_program(
    preloaded: PreloadedPrograms, write: Callable[..., Program]
) -> None:
    program = write("import sys; print('yaml' in sys.modules); import yaml")
    assert [printed(preloaded.start, program) for _ in range(4)] == ["False", *["True"] * 3]


def test_the_same_modules_are_loaded_as_in_a_program_that_starts_alone(
    preloaded: PreloadedPrograms, write: Callable[..., Program]
) -> None:
    """Pulumi's SDKs load most of their modules when they are used first."""
    own = set(printed(preloaded.start, write("import sys; print(*sys.modules)")).split())
    alone = json.loads(printed(start, write(STATE)))
    assert (alone["pulumi_aws.sns"], alone["pulumi_aws.ec2"]) == ("module", "_LazyModule")
    for _ in range(4):
        forked = json.loads(printed(preloaded.start, write(STATE)))
        differing = set(alone.items()) ^ set(forked.items())
        assert {name for name, _ in differing} <= own


def test_modules_of_the_program_are_imported_anew(
    preloaded: PreloadedPrograms, write: Callable[..., Program], tmp_path: Path
) -> None:
    program = write("import own; print(own.VALUE)")
    found: list[str] = []
    for value in range(4):
        # Of another size than before: Python compares whole seconds of the modification time.
        (tmp_path / "own.py").write_text(f"VALUE = {value}{'#' * value}\n")
        found.append(printed(preloaded.start, program))
    assert found == ["0", "1", "2", "3"]


def test_consecutive_programs_order_sets_differently(
    preloaded: PreloadedPrograms, write: Callable[..., Program]
) -> None:
    program = write("print(hash('x'))")
    hashes = [printed(preloaded.start, program) for _ in range(4)]
    assert hashes[:2] == hashes[2:]
    assert hashes[0] != hashes[1]


def test_a_program_in_another_environment_is_not_forked_from_the_same_process(
    preloaded: PreloadedPrograms, write: Callable[..., Program]
) -> None:
    text = "import os; print(os.getppid(), os.environ['NAME'])"
    found = [
        printed(preloaded.start, write(text, environment={"NAME": name})).split()
        for name in ("a", "a", "b", "b", "a", "a", "b", "b")
    ]
    assert [name for _, name in found] == ["a", "a", "b", "b", "a", "a", "b", "b"]
    parents = [parent for parent, _ in found]
    assert parents[:4] == parents[4:]
    assert len(set(parents)) == 4


def test_a_program_starts_alone_if_its_environment_says_so(
    preloaded: PreloadedPrograms, write: Callable[..., Program]
) -> None:
    program = write("import os; print(os.getppid())", environment={"EMULATOR_PRELOAD": "off"})
    assert printed(preloaded.start, program) == str(os.getpid())


def test_the_processes_are_limited_and_a_running_program_outlives_its_own(
    preloaded: PreloadedPrograms, write: Callable[..., Program], tmp_path: Path
) -> None:
    wait = write(
        "import os, time\nwhile not os.path.exists('go'): time.sleep(0.01)\nraise SystemExit(7)",
        environment={"NAME": "waits"},
    )
    running = preloaded.start(wait)
    parents = [
        int(printed(preloaded.start, write("import os; print(os.getppid())", environment=each)))
        for each in ({"NUMBER": str(number)} for number in range(PARENTS + 1))
    ]
    assert len(set(parents)) == PARENTS + 1
    deadline = time.monotonic() + SECONDS
    while Path(f"/proc/{parents[0]}").exists() and time.monotonic() < deadline:
        preloaded.start(write("", environment={"NUMBER": "another"})).wait(SECONDS)
    assert not Path(f"/proc/{parents[0]}").exists()
    assert running.poll() is None
    (tmp_path / "go").touch()
    assert running.wait(SECONDS) == 7


@pytest.mark.parametrize(("end", "code"), [(Process.terminate, -15), (Process.kill, -9)])
def test_a_program_can_be_ended(
    preloaded: PreloadedPrograms,
    write: Callable[..., Program],
    end: Callable[[Process], None],
    code: int,
) -> None:
    running = preloaded.start(write("import time; time.sleep(600)"))
    assert running.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(0.01)
    getattr(running, end.__name__)()
    assert running.wait(SECONDS) == code
    # Its process ID may belong to another process by now.
    running.kill()


def test_the_end_leaves_no_process_and_no_file(
    write: Callable[..., Program], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(files))
    started = PreloadedPrograms()
    parents = [
        printed(started.start, write("import os, yaml; print(os.getppid())")) for _ in range(2)
    ]
    started.close()
    assert not any(Path(f"/proc/{parent}").exists() for parent in parents)
    assert list(files.iterdir()) == []


def test_the_end_does_not_wait_for_a_program_for_long(
    write: Callable[..., Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    started = PreloadedPrograms()
    running = started.start(write("import time; time.sleep(600)"))
    with monkeypatch.context() as patch:
        patch.setattr(programs, "END_SECONDS", 0.1)
        started.close()
    assert running.poll() is None
    running.kill()
    assert running.wait(SECONDS) == -9
    started.close()
