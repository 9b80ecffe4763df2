"""Challenges to the elements of units: asked once, answered once, forgotten after a day."""
