"""Proofs of time: which services stamp this register, how they are asked, when it is due."""
