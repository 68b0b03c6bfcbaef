"""Processes of Python programs, forked from one that has imported their libraries."""
