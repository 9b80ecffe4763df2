"""Lists that are brought in: upload, columns, preview, confirm, and the work that states them."""
