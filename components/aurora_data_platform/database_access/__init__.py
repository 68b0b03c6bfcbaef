"""Declared databases and users: what makes them exist, and who may log in."""
