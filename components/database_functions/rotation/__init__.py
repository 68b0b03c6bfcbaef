"""Rotation of database secrets: the handler, its steps and strategies."""
