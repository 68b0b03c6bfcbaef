"""Logins to the database and the queries of the commands."""
