"""CrossGuard policies for Aurora PostgreSQL platforms on AWS, independent of any program."""
