"""CloudWatch resource types."""
