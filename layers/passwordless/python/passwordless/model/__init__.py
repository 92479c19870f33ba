"""Plain data and rules: applications, login sessions, users and devices. No I/O."""
