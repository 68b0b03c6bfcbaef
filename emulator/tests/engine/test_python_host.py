"""The host of Python programs, in the process of the emulated AWS."""

import json
import os
import sys
from pathlib import Path
from typing import Any, cast

import grpc
import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import language_pb2

from emulator.engine.languages.interpreters import Interpreter
from emulator.engine.languages.python_host import LanguageHost, Surroundings
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
    """A call that is not cancelled."""

    def add_callback(self, callback: object) -> None:
        """Do nothing."""


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
    executor = tmp_path / "executor.py"
    executor.write_text(EXECUTOR, encoding="utf-8")
    options = struct_pb2.Struct()
    options.update({"virtualenv": sys.prefix})
    folder = str(tmp_path)
    info = language_pb2.ProgramInfo(
        root_directory=folder, program_directory=folder, options=options
    )
    programs = PreloadedPrograms()
    with (tmp_path / "output").open("wb") as output:
        environment = {"PATH": os.defpath, **variables}
        surroundings = Surroundings(environment, output, output)
        host = LanguageHost(executor, "", surroundings, programs.start)
        request = language_pb2.RunRequest(info=info)
        response: Any = host.Run(request, cast("grpc.ServicerContext", Context()))
        programs.close()
    assert (response.error, response.bail) == ("", False)
    assert (tmp_path / "output").read_text(encoding="utf-8") == sent


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
