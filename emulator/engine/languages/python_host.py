"""A Python language host: what the engine starts to run programs and policy packs.

The official host is a Go program that comes with Pulumi's download. A CLI built from its Go module
has none, so this one replaces it. It does not generate code, convert programs, attach debuggers
or support toolchains other than a virtual environment; it answers such requests as unimplemented.
"""
# ruff: noqa: N802, ARG002 - the protocol names the methods and their parameters

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from emulator.engine import plugin_server
from emulator.engine.languages.interpreters import Interpreter, InterpreterNotFoundError
from emulator.preloading import programs
from emulator.preloading.programs import Process, Program

VERSION = "0.1.0"

EXIT_ALREADY_REPORTED = 32
"""Exit code of a program whose error the SDK has already shown (pulumi-language-python-exec,
sdk/nodejs/cmd/run)."""

OF_A_RUN = ("PULUMI_LOG_OTLP_ENDPOINT", "PYTEST_CURRENT_TEST")
"""Variables of the engine and of pytest whose value differs between runs; no library reads them
when it is imported."""

DEBUG_VARIABLE = "EMULATOR_DEBUG_MESSAGES"
"""Environment variable: `off` if forked programs send no debug messages of Pulumi's SDK."""

QUIET_SDK = Path(__file__).with_name("quiet_sdk.py")

PLUGIN_STOP_SECONDS = 5.0


class EngineLanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """What every language host answers one engine.

    Attributes:
        engine_address: The engine's own gRPC address.
    """

    def __init__(self, engine_address: str) -> None:
        self.engine_address = engine_address

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        """Store the engine's address."""
        self.engine_address = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(
        self, request: empty_pb2.Empty, context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        """Return the host's version."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Do nothing; a canceled request stops its own child."""
        return empty_pb2.Empty()


@dataclass(frozen=True)
class LaunchContext:
    """Environment variables and output streams that programs inherit.

    Attributes:
        environment: The variables. Default: this process's.
        output: Standard output. Default: this process's.
        errors: Standard error. Default: this process's.
    """

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    output: IO[bytes] | None = None
    errors: IO[bytes] | None = None


class LanguageHost(EngineLanguageHost):
    """Runs Python programs.

    Attributes:
        executor: The SDK's `pulumi-language-python-exec`.
        launch_context: What programs inherit.
        start: Starts a program.
    """

    def __init__(
        self,
        executor: Path,
        engine_address: str,
        launch_context: LaunchContext,
        start: Callable[[Program], Process],
    ) -> None:
        super().__init__(engine_address)
        self.executor, self.launch_context, self.start = executor, launch_context, start

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        """Return the resource plugins that the program's installed packages require."""
        return language_pb2.GetRequiredPackagesResponse(
            packages=[
                plugin_pb2.PackageDependency(
                    name=plugin.get("name", ""),
                    kind="resource",
                    version=plugin.get("version", ""),
                    server=plugin.get("server", ""),
                )
                for plugin in interpreter_of(request.info, context).resource_plugins()
            ]
        )

    def Run(
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        """Run a program."""
        interpreter = interpreter_of(request.info, context)
        environment = interpreter.environment(self.launch_context.environment)
        of_this_run = {name: environment.pop(name) for name in OF_A_RUN if name in environment}
        child = self.start(
            Program(
                python=interpreter.python,
                executor=self.executor,
                arguments=self._arguments(request),
                folder=request.info.program_directory,
                environment=environment,
                configuration={
                    **of_this_run,
                    "PULUMI_CONFIG": json.dumps(dict(request.config)),
                    "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
                },
                output=self.launch_context.output,
                errors=self.launch_context.errors,
                warm_up=QUIET_SDK if environment.get(DEBUG_VARIABLE) == "off" else None,
            )
        )
        context.add_callback(lambda: stop(child))
        code = child.wait()
        if code == 0:
            return language_pb2.RunResponse()
        if code == EXIT_ALREADY_REPORTED:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(error=f"Program exited with exit code {code}")

    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Run a policy pack or another Python plugin, streaming its output."""
        interpreter = interpreter_of(request.info, context)
        environment = dict(pair.split("=", maxsplit=1) for pair in request.env)
        child = subprocess.Popen(
            [interpreter.python, "-u", request.info.program_directory, *request.args],
            cwd=request.pwd,
            env=interpreter.environment(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        context.add_callback(lambda: stop(child))
        for name, data in streams_of(child):
            yield (
                language_pb2.RunPluginResponse(stdout=data)
                if name == "stdout"
                else language_pb2.RunPluginResponse(stderr=data)
            )
        yield language_pb2.RunPluginResponse(exitcode=child.wait())

    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Create the virtual environment if it is missing, and install requirements.txt."""
        options = options_of(request.info)
        commands: list[Sequence[str]] = []
        named = options.get("virtualenv")
        root = Path(request.info.root_directory or request.directory)
        if named and not (root / str(named)).exists():
            commands.append([sys.executable, "-m", "venv", str(root / str(named))])
        requirements = Path(request.info.program_directory or request.directory, "requirements.txt")
        for command in commands:
            yield from self._install(command, context)
        if requirements.exists():
            interpreter = interpreter_of(request.info, context)
            yield from self._install(interpreter.install_command(requirements), context)

    def About(
        self, request: language_pb2.AboutRequest, context: grpc.ServicerContext
    ) -> language_pb2.AboutResponse:
        """Describe the interpreter."""
        interpreter = interpreter_of(request.info, context)
        return language_pb2.AboutResponse(
            executable=str(interpreter.python), version=interpreter.version()
        )

    def GetProgramDependencies(
        self, request: language_pb2.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetProgramDependenciesResponse:
        """List installed packages."""
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=package["name"], version=package["version"])
                for package in interpreter_of(request.info, context).packages()
                if package["top_level"] or request.transitiveDependencies
            ]
        )

    def RuntimeOptionsPrompts(
        self, request: language_pb2.RuntimeOptionsRequest, context: grpc.ServicerContext
    ) -> language_pb2.RuntimeOptionsResponse:
        """Return no prompts, as there is one toolchain."""
        return language_pb2.RuntimeOptionsResponse()

    def _arguments(self, request: language_pb2.RunRequest) -> list[str]:
        options = {
            "monitor": request.monitor_address,
            "engine": self.engine_address,
            "project": request.project,
            "stack": request.stack,
            "pwd": request.info.program_directory,
            "parallel": str(request.parallel),
            "tracing": "",
            "organization": request.organization,
            "root_directory": request.info.root_directory,
            "dry_run": "true" if request.dryRun else "false",
        }
        program = Path(request.info.program_directory, request.info.entry_point or ".")
        return [
            *(part for name, value in options.items() for part in (f"--{name}", value)),
            str(program),
            *request.args,
        ]

    def _install(
        self, command: Sequence[str], context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        child = subprocess.Popen(
            command,
            env=self.launch_context.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        context.add_callback(lambda: stop(child))
        for name, data in streams_of(child):
            yield language_pb2.InstallDependenciesResponse(**{name: data})
        if child.wait() != 0:
            context.abort(
                grpc.StatusCode.UNKNOWN, f"{' '.join(command)} failed with {child.returncode}"
            )


def options_of(info: language_pb2.ProgramInfo) -> Mapping[str, object]:
    """Return the language options of the project file."""
    return json_format.MessageToDict(info.options)


def interpreter_of(info: language_pb2.ProgramInfo, context: grpc.ServicerContext) -> Interpreter:
    """Return the program's interpreter, or abort the request with the reason."""
    try:
        return Interpreter.of_program(Path(info.root_directory), options_of(info))
    except InterpreterNotFoundError as error:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        raise


def stop(child: Process) -> None:
    """Stop a child that outlives its request, so that nothing keeps running after Ctrl-C."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(PLUGIN_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


def streams_of(child: subprocess.Popen[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield `("stdout" | "stderr", data)` as a child prints it, until both streams end."""
    chunks: queue.Queue[tuple[str, bytes]] = queue.Queue()

    def read(name: str, descriptor: int) -> None:
        while data := os.read(descriptor, 65536):
            chunks.put((name, data))
        chunks.put((name, b""))

    pipes = {"stdout": child.stdout, "stderr": child.stderr}
    open_pipes = {name: pipe for name, pipe in pipes.items() if pipe is not None}
    for name, pipe in open_pipes.items():
        threading.Thread(target=read, args=(name, pipe.fileno()), daemon=True).start()
    while open_pipes:
        name, data = chunks.get()
        if data:
            yield name, data
        else:
            open_pipes.pop(name).close()


def of_arguments(
    executor: str,
    arguments: Sequence[str],
    launch_context: LaunchContext,
    start: Callable[[Program], Process],
) -> LanguageHost:
    """Return the host for `pulumi-language-python ENGINE_ADDRESS`; flags may come before it."""
    addresses = [argument for argument in arguments if not argument.startswith("-")]
    return LanguageHost(Path(executor), addresses[0] if addresses else "", launch_context, start)


def register(host: LanguageHost, server: grpc.Server) -> None:
    """Add a host to a server."""
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)


def main(executor: str, arguments: Sequence[str]) -> None:
    """Serve a host in this process."""
    host = of_arguments(executor, arguments, LaunchContext(), programs.start)
    plugin_server.serve(lambda server: register(host, server))
