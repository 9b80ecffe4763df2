"""Two people accept goods, or put units into service, on one record."""
