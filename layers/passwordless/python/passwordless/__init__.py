"""Passwordless login by phone for SAML service providers: the code that all functions share."""
