"""The rules of anomalies, one small function a rule, in one file a family."""
