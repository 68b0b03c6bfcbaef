"""A connection that needs no AWS."""

from typing import Any

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.protocol.properties import Properties


class Recorder(AwsConnection):
    """A connection that answers from a table and keeps the calls; an exception is raised."""

    def __init__(self, **answers: Properties | Exception) -> None:
        super().__init__("http://127.0.0.1:1", "us-east-2")
        self.answers = answers
        self.calls: list[tuple[str, Properties]] = []

    def call(self, service: str, operation: str, /, **arguments: Any) -> Properties:
        self.calls.append((operation, arguments))
        answer = self.answers.get(operation, {})
        if isinstance(answer, Exception):
            raise answer
        return answer
