"""The cache folder, for what takes long to create."""

import os
from pathlib import Path


def cache_root() -> Path:
    """Return the emulator's folder in the user's caches (XDG_CACHE_HOME); it may not exist."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "aws-emulator"
