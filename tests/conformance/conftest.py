"""Obligations are proved on the functions in this process, on real tables and keys."""

from tests.house_fixtures import emulated, house

__all__ = ["emulated", "house"]
