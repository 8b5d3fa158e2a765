"""One file with everything that a lost portal needs: made while it runs, put back into an empty place."""
