"""What is printed on a unit, and what a scan of it says."""
