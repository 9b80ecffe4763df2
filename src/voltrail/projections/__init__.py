"""What the register adds up to: views folded from entries, disposable and rebuildable."""
