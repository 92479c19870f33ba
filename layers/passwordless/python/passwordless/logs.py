"""Structured logs that hold no secret: our own lines only, third parties at WARNING."""

import logging
import traceback

from aws_lambda_powertools import Logger

_CHATTY = ("boto3", "botocore", "urllib3", "requests", "s3transfer", "jose", "signxml")


def logger(service: str) -> Logger:
    """Return the function's logger: INFO whatever the environment says, for debug lines hold payloads."""
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    made = Logger(service=service, level="INFO", log_uncaught_exceptions=False, use_rfc3339=True)
    # Lambda's logging controls and Powertools' sampling rate, both environment variables, win over `level`.
    logging.getLogger(service).setLevel(logging.INFO)
    return made


def frames(error: BaseException) -> list[str]:
    """Return where an exception came from, without its message: a message can hold what must not be logged (S41)."""
    stack = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in stack]
