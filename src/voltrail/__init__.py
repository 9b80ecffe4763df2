"""
Voltrail's kernel: battery procurement decided on evidence.

Knows statements, trust, the register, controls and decisions. Does not know the web, databases,
the network or the clock: time, randomness, keys and storage are arguments.
"""

__version__ = "0.1.0"
