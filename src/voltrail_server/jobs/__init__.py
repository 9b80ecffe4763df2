"""Slow work outside a request: rebuilding, and later notices, due dates and deliveries."""
