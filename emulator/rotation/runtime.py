"""One invocation of a function in its own process, as Lambda's runtime does it.

Run as a script with `python -I`, so that only the unpacked code is importable, not this
unpacked. Reads the request from standard input; what the function prints goes to standard output,
how it ended to the file descriptor that the request names.
"""

import importlib
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Invoke the handler, and report an error's type and message as Lambda does."""
    request: dict[str, Any] = json.load(sys.stdin)
    limit = request["memory_megabytes"] * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    sys.path.insert(0, request["folder"])
    error = None
    try:
        module, _, name = request["handler"].rpartition(".")
        getattr(importlib.import_module(module), name)(request["event"], None)
    except Exception as failure:  # any error is the function's result
        error = {"type": type(failure).__name__, "message": str(failure)}
    with os.fdopen(request["answer"], "w") as answer:
        json.dump({"error": error, "peak_megabytes": _peak_megabytes()}, answer)


def _peak_megabytes() -> int:
    # Not getrusage's ru_maxrss, which a process inherits from its parent.
    with Path("/proc/self/status").open() as status:
        (line,) = (line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
