"""The functions' log: one JSON object per line, never a secret."""

import json
from collections.abc import Generator
from contextlib import contextmanager

from components.database_functions.errors import FunctionError


def log_event(event: str, **fields: str | int | float | None) -> None:
    """Write one line. Callers pass names, labels and numbers, never a credential."""
    print(json.dumps({"event": event, **fields}), flush=True)


@contextmanager
def log_failures(event: str, **fields: str | int | float | None) -> Generator[None]:
    """Log an error of the block and raise it again.

    Raises:
        FunctionError: The block failed.
    """
    try:
        yield
    except FunctionError as failure:
        log_event(event, **fields, error=type(failure).__name__, reason=str(failure))
        raise
    except Exception as failure:
        # The text of an unexpected error may quote anything, and Lambda logs it.
        message = f"unexpected {type(failure).__name__} {_origin(failure)}"
        log_event(event, **fields, error=type(failure).__name__, reason=message)
        raise FunctionError(message) from None


def _origin(failure: BaseException) -> str:
    trace = failure.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "at an unknown location"
    return f"at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
