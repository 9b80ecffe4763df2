"""Remarks: noting one, taking one back, and the files beside them."""
