"""Where something is on the globe, coarsely, and how far two such places are apart."""

import math
from dataclasses import dataclass
from typing import Self

_EARTH_KM = 6371
_NOWHERE = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Location:
    """Decimal degrees, rounded to a tenth (some 10 km), as strings: no more of a person's whereabouts is kept."""

    lat: str
    lon: str

    @classmethod
    def read(cls, lat: str, lon: str) -> Self | None:
        """Return the place that two decimal numbers name, None if they name none.

        A phone whose person refused to tell says "0.0" twice, and so do services that do not know.
        """
        try:
            degrees = float(lat), float(lon)
        except ValueError:
            return None
        if not (abs(degrees[0]) <= 90 and abs(degrees[1]) <= 180) or degrees == _NOWHERE:
            return None
        return cls(f"{degrees[0]:.1f}", f"{degrees[1]:.1f}")


def distance_km(one: Location, other: Location) -> int:
    """Return the great-circle distance in kilometres (haversine formula)."""
    lat1, lon1, lat2, lon2 = (
        math.radians(float(degrees)) for degrees in (one.lat, one.lon, other.lat, other.lon)
    )
    chord = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return round(2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, chord))))
