"""Arrivals: the list, one arrival, one decision."""
