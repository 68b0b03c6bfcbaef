"""Consoles: data on stdout, messages on stderr. rich respects NO_COLOR."""

from rich.console import Console

OUT = Console(highlight=False, emoji=False, soft_wrap=False)
"""Data for people."""

ERR = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)
"""Progress and messages."""


def note(message: str) -> None:
    """Print a message."""
    ERR.print(message, markup=False)


def line(text: str) -> None:
    """Print a line of data as it is, never wrapped."""
    OUT.print(text, markup=False, soft_wrap=True)
