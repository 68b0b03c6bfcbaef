"""Check of the package's schema for changes that break the programs of its users."""
