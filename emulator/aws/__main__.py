"""`python -m emulator.aws --port N`: serve the emulated AWS until SIGTERM or SIGINT."""

import argparse
import gc
from contextlib import ExitStack
from pathlib import Path

from emulator.aws import databases
from emulator.aws.plugin_host import serve_plugins
from emulator.aws.server import serve
from emulator.engine.plugin_server import set_by_signals

POLL_SECONDS = 0.5
YOUNG_OBJECTS = 100_000
"""New objects after which Python collects garbage. Its default of 700 costs a tenth of the time."""


def main() -> None:
    """Serve, print the address, and exit without a traceback on a signal."""
    parser = argparse.ArgumentParser(prog="python -m emulator.aws", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1 (0: a free one)")
    parser.add_argument(
        "--ready-file",
        type=Path,
        help="receives the URL and, on a second line, the providers' address",
    )
    parser.add_argument(
        "--databases", type=Path, help="runs PostgreSQL for clusters, with its data in this folder"
    )
    arguments = parser.parse_args()
    # Not blocked for sigwait: programs and functions would inherit the mask.
    stopped = set_by_signals()
    with ExitStack() as stack:
        try:
            if arguments.databases:
                databases.enable(arguments.databases)
                stack.callback(databases.disable)
            server = stack.enter_context(serve(arguments.port))
        except OSError as failure:
            where = f"{failure.filename}: " if failure.filename else ""
            parser.exit(1, f"emulated AWS: {where}{failure.strerror}\n")
        providers = stack.enter_context(serve_plugins(server.url))
        print(f"emulated AWS: {server.url} (account {server.account_id})", flush=True)
        if arguments.ready_file:
            partial = arguments.ready_file.with_suffix(".partial")
            partial.write_text(f"{server.url}\n{providers}\n")
            partial.replace(arguments.ready_file)
        # Imported modules are never garbage.
        gc.freeze()
        gc.set_threshold(YOUNG_OBJECTS)
        while not stopped.wait(POLL_SECONDS):
            pass


if __name__ == "__main__":
    main()
