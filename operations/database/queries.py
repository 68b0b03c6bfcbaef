"""The queries of `inspect`, from `queries.yaml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from operations.data_files import read_data


class Query(BaseModel):
    """A query for people.

    Attributes:
        title: What it lists.
        runbook: Page of the repository that uses it.
        sql: The statement.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    runbook: str
    sql: str


@cache
def queries() -> Mapping[str, Query]:
    """Return every query by name."""
    rows = read_data(Path(__file__).with_name("queries.yaml"))
    return {name: Query.model_validate(row) for name, row in rows.items()}
