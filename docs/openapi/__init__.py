"""The API's contract: docs/openapi.json and its readable page, made offline and never deployed.

Routes, scopes and throttles come from template.yaml, limits, words and names of fields from the code, codes of failures
with their statuses from where they are raised. What no code says stands here as data, and tests hold it to what the
functions answer. `python -m docs.openapi.write` writes both files.
"""
