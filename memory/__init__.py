"""What Sophia knows."""
