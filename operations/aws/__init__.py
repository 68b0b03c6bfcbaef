"""Calls to AWS, and their failures in plain words."""
