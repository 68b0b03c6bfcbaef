"""The user's own program and stack files on the real engine, with AWS emulated on this machine."""

from rehearsal.rehearsal import Rehearsal

__all__ = ["Rehearsal"]
