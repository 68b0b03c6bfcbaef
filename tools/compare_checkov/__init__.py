"""Comparison of the policy pack with checkov on the same resources: `make compare-checkov`."""
