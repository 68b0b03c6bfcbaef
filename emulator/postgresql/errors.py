"""Why a server does not do what it should; server messages are quoted, passwords never."""


class PostgresqlError(RuntimeError):
    """A server could not be made, started, stopped or copied."""


class FolderError(PostgresqlError):
    """The server's folder cannot be used."""


class StartError(PostgresqlError):
    """The server refused to start; the text quotes what it said."""
