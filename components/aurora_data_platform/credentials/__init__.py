"""Secrets and their rotation."""
