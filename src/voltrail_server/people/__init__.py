"""Accounts and the roles they hold; who somebody is, not what the register says of them."""
