"""One-click connect: a SAML connection made in an administrator's Auth0 tenant."""
