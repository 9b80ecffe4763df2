"""Who may say what: keys, anchors, and the one way to a verified statement."""
