"""One section of checks a module: `check(report, world)`."""
