"""Folders of the package."""

from pathlib import Path

EMULATOR = Path(__file__).resolve().parents[1]
ROOT = EMULATOR.parent
"""The folder from which `emulator` is imported."""
