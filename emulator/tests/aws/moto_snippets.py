"""The snippets of moto's bugs, and their run in plain moto as a program."""

import json
import sys
from typing import Any

from moto import mock_aws

from emulator.aws.moto_bugs import PREAMBLE, load
from emulator.botocore_data import parse_once


def answer_of(snippet: str) -> object:
    """Run a snippet after the preamble; return its `answer`, or the name of the exception that ended it."""
    names: dict[str, Any] = {}
    exec(PREAMBLE, names)  # noqa: S102 - our own text
    try:
        exec(snippet, names)  # noqa: S102
    except Exception as failure:  # the test compares it
        return type(failure).__name__
    return names["answer"]


def main() -> None:
    """Print the answer of every snippet in plain moto, as JSON."""
    parse_once()
    answers: list[object] = []
    for entry in load():
        with mock_aws():
            answers.append(answer_of(entry["snippet"]))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
