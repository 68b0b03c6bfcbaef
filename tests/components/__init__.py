"""Tests of the deployed components."""
