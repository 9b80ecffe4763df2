"""The verbs: page, API, command line and job call the same ones."""
