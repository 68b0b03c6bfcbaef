"""PostgreSQL 17 behind an emulated cluster's endpoint: a server with a folder and an address."""
