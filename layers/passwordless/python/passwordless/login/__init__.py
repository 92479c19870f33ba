"""A login from AuthnRequest to Response, a step a file."""
