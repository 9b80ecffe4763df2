"""The keys of firms: a desk of their own."""
