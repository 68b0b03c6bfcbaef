"""The host of Python programs, in the process of the emulated AWS."""

import json
import os
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import grpc
import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import language_pb2

from emulator.engine.languages.interpreters import Interpreter
from emulator.engine.languages.python_host import LanguageHost, LaunchContext
from emulator.preloading.programs import PreloadedPrograms

EXECUTOR = """
from pulumi import log

class Engine:
    def Log(self, request):
        print(request.message)

log.get_engine = Engine
log.debug("of a registration")
log.info("of the program")
"""


class Context:
    """A call that is not canceled."""

    def add_callback(self, callback: object) -> None:
        """Do nothing."""


def run(folder: Path, executor: str, variables: Mapping[str, str]) -> tuple[str, str]:
    """Run a program; return the host's error, and what the program printed."""
    script = folder / "executor.py"
    script.write_text(executor, encoding="utf-8")
    options = struct_pb2.Struct()
    options.update({"virtualenv": str(folder / "environment")})
    info = language_pb2.ProgramInfo(
        root_directory=str(folder), program_directory=str(folder), options=options
    )
    programs = PreloadedPrograms()
    with (folder / "output").open("wb") as output:
        launch_context = LaunchContext({"PATH": os.defpath, **variables}, output, output)
        host = LanguageHost(script, "", launch_context, programs.start)
        request = language_pb2.RunRequest(info=info)
        response: Any = host.Run(request, cast("grpc.ServicerContext", Context()))
        programs.close()
    return response.error, (folder / "output").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("variables", "sent"),
    [
        ({}, "of a registration\nof the program\n"),
        ({"EMULATOR_DEBUG_MESSAGES": "off"}, "of the program\n"),
    ],
)
def test_a_program_sends_debug_messages_of_the_sdk_unless_they_are_turned_off(
    tmp_path: Path, variables: dict[str, str], sent: str
) -> None:
    (tmp_path / "environment").symlink_to(sys.prefix)
    assert run(tmp_path, EXECUTOR, variables) == ("", sent)


def test_an_interpreter_without_the_sdk_runs_a_program(tmp_path: Path) -> None:
    venv.create(tmp_path / "environment")
    program = "import importlib.util; print(importlib.util.find_spec('pulumi'))"
    assert run(tmp_path, program, {"EMULATOR_DEBUG_MESSAGES": "off"}) == ("", "None\n")


def test_a_package_that_is_installed_later_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    own = Interpreter(Path(sys.executable), None)
    before = own.resource_plugins()
    assert own.resource_plugins() == before
    package = tmp_path / "pulumi_example"
    package.mkdir()
    described = {"resource": True, "name": "example", "version": "1.2.3"}
    (package / "pulumi-plugin.json").write_text(json.dumps(described), encoding="utf-8")
    assert own.resource_plugins() == [described, *before]
