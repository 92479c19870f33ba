"""What a store writes is proved on real tables."""

from tests.house_fixtures import emulated, house

__all__ = ["emulated", "house"]
