"""The ground every layer stands on: errors, identity, resilience, telemetry, time, database. No domain words."""
