"""One invocation of a function in its own process, as Lambda's runtime does it.

Run as a script with `python -I`, so that only the unpacked code is importable, not this
package. Its argument is a folder with the request; the handler's result or error is written to
another file there.
"""

import importlib
import json
import os
import resource
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

REQUEST, ANSWER = "request.json", "answer.json"
"""Names of the files."""
_OWN_FOLDER = str(Path(__file__).parent)
_LAMBDA_FOLDER = "/var/task"
"""The folder of a function's code in Lambda."""


class _RuntimeFaultError(Exception):
    """An error that Lambda's runtime raises itself, with a type of its own."""

    def __init__(self, message: str, error_type: str) -> None:
        super().__init__(message)
        self.error_type = error_type


def main() -> None:
    """Invoke the handler, and report its result or error as Lambda does."""
    exchange = Path(sys.argv[1])
    request: dict[str, Any] = json.loads((exchange / REQUEST).read_text())
    limit = request["memory_megabytes"] * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    os.chdir(request["folder"])
    sys.path[:] = [request["folder"], *(path for path in sys.path if path != _OWN_FOLDER)]
    ended: dict[str, Any]
    try:
        handle = _handler(request["handler"])
        ended = {"result": _json(handle(request["event"], None))}
    except _RuntimeFaultError as fault:
        ended = {"error": _error(fault.error_type, fault, [])}
    except Exception as failure:  # any error is the function's result
        trace = _trace(failure, request["folder"])
        ended = {"error": _error(type(failure).__name__, failure, trace)}
    answer = json.dumps({**ended, "peak_megabytes": _peak_megabytes()})
    (exchange / ANSWER).write_text(answer + "\n")


def _handler(path: str) -> Callable[[Any, None], Any]:
    """Return the function that `package.module.function` names."""
    module_name, _, name = path.rpartition(".")
    try:
        module = importlib.import_module(module_name)
    except ImportError as failure:
        message = f"Unable to import module '{module_name}': {failure}"
        raise _RuntimeFaultError(message, "Runtime.ImportModuleError") from failure
    try:
        return getattr(module, name)
    except AttributeError as failure:
        message = f"Handler '{name}' missing on module '{module_name}'"
        raise _RuntimeFaultError(message, "Runtime.HandlerNotFound") from failure


def _json(result: Any) -> str:
    try:
        return json.dumps(result)
    except (TypeError, ValueError) as failure:
        message = f"Unable to marshal response: {failure}"
        raise _RuntimeFaultError(message, "Runtime.MarshalError") from failure


def _error(error_type: str, failure: Exception, trace: list[str]) -> dict[str, Any]:
    return {"errorMessage": str(failure), "errorType": error_type, "stackTrace": trace}


def _trace(failure: Exception, folder: str) -> list[str]:
    """Return a traceback without this file's frames and with Lambda's own folder."""
    frames = traceback.extract_tb(failure.__traceback__)
    shown = traceback.format_list([frame for frame in frames if frame.filename != __file__])
    return [text.replace(folder, _LAMBDA_FOLDER) for text in shown]


def _peak_megabytes() -> int:
    # Not getrusage's ru_maxrss, which a process inherits from its parent.
    with Path("/proc/self/status").open() as status:
        (line,) = (line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
