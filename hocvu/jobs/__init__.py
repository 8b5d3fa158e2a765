"""The durable queue: what has to be graded outside of a request, kept on disk until it is done."""
