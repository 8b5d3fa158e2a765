"""`make bench`: what it costs, measured here and now, beside the peer in the same run."""
