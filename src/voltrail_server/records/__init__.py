"""The product's tables, and the kernel's sockets plugged into them."""
