"""Upgrades of the engine: targets, support dates and pre-checks."""
