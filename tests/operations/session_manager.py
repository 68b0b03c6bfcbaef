"""A stand-in for `aws ssm start-session` and its plugin: they forward a local port."""

import sys
from pathlib import Path

_AWS = """#!/bin/sh
# Like the AWS CLI, it ignores Ctrl-C and leaves it to the plugin, its child.
trap '' INT
echo "$@" > "$(dirname "$0")/arguments"
session-manager-plugin "$@"
"""

_PLUGIN = """#!{python}
import signal, socket, sys, threading

parameters = dict(each.split("=") for each in sys.argv[-1].split(","))
if parameters["host"] == "nowhere":
    sys.exit("An error occurred (TargetNotConnected): i-1 is not connected.")

def end(*_):
    sys.exit(0)

signal.signal(signal.SIGINT, end)

def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass

def forward(client):
    remote = (parameters["host"], int(parameters["portNumber"]))
    with client, socket.create_connection(remote) as server:
        back = threading.Thread(target=copy, args=(server, client), daemon=True)
        back.start()
        copy(client, server)
        back.join()

with socket.create_server(("127.0.0.1", int(parameters["localPortNumber"]))) as listener:
    print("Waiting for connections...", flush=True)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=forward, args=(client,), daemon=True).start()
"""


def install(folder: Path) -> None:
    """Write both programs."""
    for name, text in (
        ("aws", _AWS),
        ("session-manager-plugin", _PLUGIN.format(python=sys.executable)),
    ):
        program = folder / name
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
