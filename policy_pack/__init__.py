"""CrossGuard policies for Aurora PostgreSQL platforms on AWS; imports nothing of what it judges."""
