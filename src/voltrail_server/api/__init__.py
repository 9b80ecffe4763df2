"""The HTTP API: tokens in, verbs called, values or problems out. It judges nothing."""
