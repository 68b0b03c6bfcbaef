"""Policy pack for Aurora PostgreSQL platforms; imports nothing of the program that it checks."""
