"""Tests of the readers of properties, documents and rules."""
