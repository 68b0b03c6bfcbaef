"""The value of one version of a database secret, in the JSON that RDS and its console use."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from components.database_functions.errors import SecretFormatError

ENGINES = ("postgres", "aurora-postgresql")
DEFAULT_PORT, DEFAULT_DATABASE = 5432, "postgres"


@dataclass(frozen=True)
class Credential:
    """A login and where it is valid. Its representation shows neither password nor content."""

    host: str
    port: int
    database: str
    username: str
    password: str = field(repr=False)
    content: Mapping[str, object] = field(repr=False)

    @classmethod
    def parse(cls, text: str, source: str) -> "Credential":
        """Parse a version's value.

        Args:
            text: The value.
            source: Which version of which secret it is, for the error.

        Raises:
            SecretFormatError: A key is missing or has the wrong type.
        """
        try:
            parsed: object = json.loads(text)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            message = f"{source} is not a JSON object; store engine, host, username and password"
            # The parser's error would contain the text.
            raise SecretFormatError(message) from None
        content = cast("dict[str, object]", parsed)
        port = content.get("port", DEFAULT_PORT)
        texts = {
            "host": content.get("host"),
            "username": content.get("username"),
            "password": content.get("password"),
            "dbname": content.get("dbname", DEFAULT_DATABASE),
        }
        issues = [f"{key} must be a string" for key, value in texts.items() if not _text(value)]
        if content.get("engine") not in ENGINES:
            issues.append(f"engine must be {' or '.join(ENGINES)}")
        if isinstance(port, bool) or not str(port).isdecimal():
            issues.append("port must be a number")
        if issues:
            message = f"{source} is not a database secret: {', '.join(issues)}"
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
        """Return the same endpoint with another login; unknown keys are kept."""
        content = {**self.content, "username": username, "password": password}
        return Credential(self.host, self.port, self.database, username, password, content)

    def dump(self) -> str:
        """Return the value to store."""
        return json.dumps(dict(self.content))

    @property
    def endpoint(self) -> tuple[str, int]:
        """Server for which the login is valid."""
        return self.host.lower(), self.port

    def password_copies(self) -> Sequence[str]:
        """Return the paths of other values that contain the password, such as `url`."""
        others = {key: value for key, value in self.content.items() if key != "password"}
        return [path for path, text in _texts(others, "") if self.password in text]


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            yield from _texts(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _texts(item, f"{path}[{index}]")


def _text(value: object) -> str:
    return value if isinstance(value, str) and value.strip() else ""
