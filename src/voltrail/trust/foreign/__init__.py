"""
Other people's proofs: read strictly, checked offline, and never taken for a statement of ours.

Each file knows one form. What it returns is a `Proven`: over which bytes, by whom, since when.
Whether that issuer is to be believed is asked elsewhere.
"""
