"""Settings by what they are about; `settings` brings them together."""
