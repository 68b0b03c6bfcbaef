"""Runtimes of AWS Lambda, and until when AWS supports them."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from .data_files import read_data

FILE = Path(__file__).with_suffix(".yaml")
_ROWS = TypeAdapter(dict[str, date | None])


@cache
def runtimes() -> Mapping[str, date | None]:
    """Return every runtime by the date on which AWS deprecates it; None if no date is known."""
    return _ROWS.validate_python(read_data(FILE))


def deprecation(runtime: str, day: date) -> date | None:
    """Return the date on which AWS has deprecated a runtime; None if it has not by that day."""
    deprecated = runtimes().get(runtime)
    return deprecated if deprecated is not None and deprecated <= day else None
