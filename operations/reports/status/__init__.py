"""The state of a platform on one screen."""
