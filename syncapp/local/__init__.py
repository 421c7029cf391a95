"""Everything on one machine: private PostgreSQL and Valkey, the supervisor, `make setup`, `make demo`."""
