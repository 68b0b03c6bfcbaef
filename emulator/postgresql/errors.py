"""Errors of PostgreSQL servers; they quote the server's messages, never passwords."""


class PostgresqlError(RuntimeError):
    """A server could not be created, started, stopped or copied."""


class AddressError(PostgresqlError):
    """No loopback address has the port free."""


class FolderError(PostgresqlError):
    """The server's folder cannot be used."""


class TokenError(PostgresqlError):
    """RDS would not accept an authentication token."""


class StartError(PostgresqlError):
    """The server did not start; the message quotes its log."""
