"""`hocvu autograde`: submitted/ to autograded/ and nbgrader's gradebook, many at once, safe to kill and rerun."""
