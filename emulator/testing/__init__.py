"""Helpers shared by tests of the emulated AWS and of programs on it."""
