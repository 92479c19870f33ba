"""The words of our pages in other languages than English, a module a language, loaded when somebody reads it.

Each holds WORDS (the codes of `texts.ENGLISH`), TITLES (a failure's title by its HTTP status) and PROBLEMS (detail and
guidance by a failure's code, for those that a person at a browser can meet).
"""
