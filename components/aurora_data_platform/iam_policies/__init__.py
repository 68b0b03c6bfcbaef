"""IAM, key and resource policies, built from plain values."""
