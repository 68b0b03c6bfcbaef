"""Facts about Aurora PostgreSQL: versions, parameters, windows and identifiers."""
