"""The CloudWatch dashboard."""
