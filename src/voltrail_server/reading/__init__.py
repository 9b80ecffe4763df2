"""The questions that lists ask: one file per noun, each page at a bounded cost."""
