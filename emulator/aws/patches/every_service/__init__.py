"""Patches that apply to every service."""
