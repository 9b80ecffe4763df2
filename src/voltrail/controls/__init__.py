"""What must hold: one small pure function per control, in families side by side."""
