"""The rotation of the database's password, as it runs inside AWS Lambda."""
