"""Plays the part of Secrets Manager in a rotation."""
