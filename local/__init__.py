"""The whole system on one machine: the stack on MiniStack, an Auth0 tenant double, a token issuer, a phone."""
