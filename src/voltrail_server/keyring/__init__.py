"""Keys of firms on their way into the register: asked for by one person, confirmed by another."""
