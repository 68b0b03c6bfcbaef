"""Reports about a platform: its state, its costs, its next versions, and all of it for a ticket."""
