"""Long work outside requests: begun in a request, done by a worker, told while it goes on."""
