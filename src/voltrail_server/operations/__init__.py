"""
Run an installation: make it, start it, watch it, copy it, bring it back, carry it elsewhere.

In the design's words: what an administrator does to the whole and no verb of the kernel does. It
copies bytes, rows and processes; it judges no goods and signs no person's act. What it says of the
register it has re-read from the bytes.
"""
