"""One invocation of a function in a process of its own: the part of Lambda's runtime.

Run as a script with `python -I`, so that nothing of this repository is importable but what was
unpacked. Reads the request from standard input; what the function prints goes to standard output,
how it ended to the file descriptor that the request names.
"""

import importlib
import json
import os
import resource
import sys
from typing import Any


def main() -> None:
    """Invoke, and report the error as Lambda does: type and message."""
    request: dict[str, Any] = json.load(sys.stdin)
    limit = request["memory_megabytes"] * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    sys.path.insert(0, request["folder"])
    error = None
    try:
        module, _, name = request["handler"].rpartition(".")
        getattr(importlib.import_module(module), name)(request["event"], None)
    except Exception as failure:  # whatever it is, it is the function's answer
        error = {"type": type(failure).__name__, "message": str(failure)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    with os.fdopen(request["answer"], "w") as answer:
        json.dump({"error": error, "peak_megabytes": peak}, answer)


if __name__ == "__main__":
    main()
