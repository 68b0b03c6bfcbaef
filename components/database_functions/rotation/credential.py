"""One version's value of a database secret, in the form that RDS and its console know."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from components.database_functions.errors import SecretFormatError

ENGINES = ("postgres", "aurora-postgresql")
DEFAULT_PORT, DEFAULT_DATABASE = 5432, "postgres"


@dataclass(frozen=True)
class Credential:
    """Who logs in where. Neither password nor content shows in a representation."""

    host: str
    port: int
    database: str
    username: str
    password: str = field(repr=False)
    content: Mapping[str, object] = field(repr=False)

    @classmethod
    def parse(cls, text: str, label: str) -> "Credential":
        """Read a version's value.

        Args:
            text: The value.
            label: Which version it is, for the error.

        Raises:
            SecretFormatError: a key is missing or of another type.
        """
        try:
            parsed: object = json.loads(text)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            message = f"the {label} version is not a JSON object"
            # The parser's error would carry the text.
            raise SecretFormatError(message) from None
        content = cast("dict[str, object]", parsed)
        engine, port = content.get("engine"), content.get("port", DEFAULT_PORT)
        texts = {
            "host": content.get("host"),
            "username": content.get("username"),
            "password": content.get("password"),
            "dbname": content.get("dbname", DEFAULT_DATABASE),
        }
        faults = [
            f"{key} must be a text" for key, value in texts.items() if not value or not _text(value)
        ]
        if engine not in ENGINES:
            faults.append(f"engine must be {' or '.join(ENGINES)}")
        if not str(port).isdigit():
            faults.append("port must be a number")
        if faults:
            message = f"the {label} version is no database secret: {', '.join(faults)}"
            raise SecretFormatError(message)
        return cls(
            host=_text(texts["host"]),
            port=int(str(port)),
            database=_text(texts["dbname"]),
            username=_text(texts["username"]),
            password=_text(texts["password"]),
            content=content,
        )

    def with_login(self, username: str, password: str) -> "Credential":
        """Return the same place with another login; keys that this function does not know stay."""
        content = {**self.content, "username": username, "password": password}
        return Credential(self.host, self.port, self.database, username, password, content)

    def dump(self) -> str:
        """Return the value to store."""
        return json.dumps(dict(self.content))

    @property
    def place(self) -> tuple[str, int]:
        """The database server that the login is for."""
        return self.host.lower(), self.port


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
