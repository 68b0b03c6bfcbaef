"""Tests mirror the tree; `support` holds what several of them share."""
