"""Facts about the deployed platform, each read once per command."""
