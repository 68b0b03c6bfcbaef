"""Declared databases and users: their setup, IAM logins and secrets."""
