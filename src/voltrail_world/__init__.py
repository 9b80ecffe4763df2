"""The invented world: a supply chain that can speak, err and lie; the demo plays it."""
