"""True sentences about figures and what turns each of them false, without the code that checks either."""
