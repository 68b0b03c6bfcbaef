"""Validation of requests against AWS's own service models."""
