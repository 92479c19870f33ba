"""SAML 2.0 as an identity provider speaks it: bindings, requests, responses, metadata, signatures."""
