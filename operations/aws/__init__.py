"""Calls of AWS, and their failures in plain words."""
