"""A language host for Node.js programs, for a CLI without its own.

Pulumi's host is not a separate Go module. This one runs programs whose packages are installed; it
neither generates SDKs nor runs plugins.
"""
# ruff: noqa: N802, ARG002 - the protocol names the methods and their parameters

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import grpc
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from emulator.engine import plugin_server
from emulator.engine.languages.python_host import EXIT_ALREADY_REPORTED, EngineLanguageHost, stop


class NodeLanguageHost(EngineLanguageHost):
    """Runs Node.js programs."""

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        """Return none: the engine looks for a plugin when the program needs it."""
        return language_pb2.GetRequiredPackagesResponse()

    def Run(
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        """Run a program; it inherits this process's output."""
        node = shutil.which("node")
        if node is None:
            return language_pb2.RunResponse(error="node is not on the PATH")
        folder = request.info.program_directory
        environment = os.environ | {
            "PULUMI_NODEJS_TYPESCRIPT": "true",
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        command = [node, *self._arguments(request)]
        child = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL)
        context.add_callback(lambda: stop(child))
        code = child.wait()
        if code == EXIT_ALREADY_REPORTED:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(
            error=f"Program exited with exit code {code}" if code else ""
        )

    def _arguments(self, request: language_pb2.RunRequest) -> Sequence[str]:
        folder = request.info.program_directory
        options = {
            "monitor": request.monitor_address,
            "engine": self.engine_address,
            "organization": request.organization,
            "project": request.project,
            "stack": request.stack,
            "pwd": folder,
            "parallel": str(request.parallel),
        }
        return [
            str(Path(folder, "node_modules", "@pulumi", "pulumi", "cmd", "run")),
            *(part for name, value in options.items() for part in (f"--{name}", value)),
            *(["--dry-run"] if request.dryRun else []),
            request.info.entry_point or ".",
            *request.args,
        ]


def main() -> None:
    """Serve as `pulumi-language-nodejs ENGINE_ADDRESS`; the engine may pass flags before it."""
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    host = NodeLanguageHost(addresses[0] if addresses else "")
    plugin_server.serve(
        lambda server: language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    )
