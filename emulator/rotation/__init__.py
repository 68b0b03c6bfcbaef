"""Secrets Manager's part of a rotation: invoking the deployed function."""
