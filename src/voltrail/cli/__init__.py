"""The command line: argparse, imports only when needed, the library's verbs behind every word."""
