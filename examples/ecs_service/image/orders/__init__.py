"""The orders service, as its container image contains it."""
