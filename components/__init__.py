"""What this program deploys, and what only the program itself needs (`stack`)."""
