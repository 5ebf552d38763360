"""The suites by name. Each returns its measures as numbers."""
