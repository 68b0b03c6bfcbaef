"""Least-privilege IAM policies for the roles that CI assumes (docs/ci/*.json)."""
