"""Witnesses of this register: who they are, how they are asked, what they answered."""
