"""The server: Django tables, pages and jobs around the kernel. Holds no rules of its own."""
