"""Where browser and phone are: places on the globe, coarsely, and networks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwordless.model.locations import Location, distance_km
from passwordless.model.networks import blockable, same_network

BERLIN, SYDNEY = Location("52.5", "13.4"), Location("-33.9", "151.2")
PLACES = st.builds(
    lambda lat, lon: Location(f"{lat:.1f}", f"{lon:.1f}"),
    st.floats(min_value=-90, max_value=90),
    st.floats(min_value=-180, max_value=180),
)


class TestLocation:
    def test_it_is_kept_to_a_tenth_of_a_degree(self) -> None:
        assert Location.read("52.520008", "-13.404954") == Location("52.5", "-13.4")

    @pytest.mark.parametrize(
        ("lat", "lon"),
        [
            ("", ""),
            ("0.0", "0.0"),
            ("0", "-0.0"),
            ("91", "0"),
            ("0", "181"),
            ("nan", "1"),
            ("1", "inf"),
            ("north", "1"),
            ("52,5", "13,4"),
        ],
    )
    def test_what_names_no_place_is_none(self, lat: str, lon: str) -> None:
        """A phone whose person refused to tell says 0.0 twice."""
        assert Location.read(lat, lon) is None

    def test_a_distance_is_that_on_the_globe(self) -> None:
        assert distance_km(BERLIN, SYDNEY) == pytest.approx(16_090, rel=0.01)
        assert distance_km(Location("0.0", "179.9"), Location("0.0", "-179.9")) == pytest.approx(22, abs=1)

    @given(PLACES, PLACES)
    def test_a_distance_is_the_same_both_ways_and_never_longer_than_half_the_globe(
        self, one: Location, other: Location
    ) -> None:
        assert 0 <= distance_km(one, other) == distance_km(other, one) <= 20_016
        assert distance_km(one, one) == 0


class TestNetworks:
    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("203.0.113.7", "203.0.113.7", True),
            ("203.0.113.7", "203.0.113.254", True),
            ("203.0.113.7", "203.0.112.7", False),
            ("2001:db8:1::1", "2001:db8:1:ffff::9", True),
            ("2001:db8:1::1", "2001:db8:2::1", False),
            ("203.0.113.7", "2001:db8:1::1", False),
            ("::ffff:203.0.113.7", "203.0.113.9", True),
            ("", "", False),
            ("unknown", "unknown", False),
            ("203.0.113.7:443", "203.0.113.7:443", False),
        ],
    )
    def test_neighbours_are_told_from_strangers(self, one: str, other: str, *, same: bool) -> None:
        assert same_network(one, other) is same
        assert same_network(other, one) is same

    @given(st.text(), st.text())
    def test_what_is_no_address_is_near_nothing(self, one: str, other: str) -> None:
        assert not same_network(f"x{one}", other)

    @pytest.mark.parametrize(
        ("address", "network"),
        [
            ("203.0.113.7", "203.0.113.7/32"),
            ("::ffff:203.0.113.7", "203.0.113.7/32"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("", None),
            ("nonsense", None),
        ],
    )
    def test_what_is_blocked_is_what_one_host_can_choose_from(
        self, address: str, network: str | None
    ) -> None:
        assert blockable(address) == network
