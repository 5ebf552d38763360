"""The ledger of decisions: over HTTP, and how decisions heard on calls get to wait for a person."""
