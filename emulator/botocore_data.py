"""Botocore's data files, parsed once in a process and in those forked from it.

Every session parses the endpoints and the models of its services again: megabytes of JSON, up to
0.2 s. As a script, it prepares the process from which functions are forked.
"""

from functools import cache
from typing import Any

from botocore.loaders import JSONFileLoader
from botocore.session import Session

__all__ = ["parse_once"]


def parse_once() -> None:
    """Let all sessions of this process share what is parsed."""
    parsed = cache(JSONFileLoader().load_file)

    def load_file(self: JSONFileLoader, file_path: str) -> Any:  # noqa: ARG001 - botocore's method
        return parsed(file_path)

    JSONFileLoader.load_file = load_file


if __name__ == "__main__":
    parse_once()
    Session().create_client("secretsmanager", region_name="us-east-1")
