"""The register: browser, entries, proofs."""
