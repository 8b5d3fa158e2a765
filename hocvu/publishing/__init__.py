"""From the instructors' sources to what learners get: releases, specs, the lesson site, pages."""
