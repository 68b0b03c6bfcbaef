"""Local deployment of the user's program with the real engine against an emulated AWS."""

from rehearsal.rehearsal import Rehearsal

__all__ = ["Rehearsal"]
