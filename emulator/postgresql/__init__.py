"""PostgreSQL 17 servers behind the endpoints of emulated clusters."""
