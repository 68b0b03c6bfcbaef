"""What is deployed, read once per command."""
