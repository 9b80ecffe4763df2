"""
How statements are kept: an append-only C2SP log, its checkpoints and its receipts.

Knows entries, tiles, checkpoints and proofs. Does not know what a statement means, nor databases.
"""
