"""The Pulumi component, and the code of its Lambda functions."""
