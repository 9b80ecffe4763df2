"""Drafts that wait for persons' signatures; what they become is the register's affair."""
