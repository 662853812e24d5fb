"""GCJ-02 and WGS 84."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graph.datum import gcj02_to_wgs84, wgs84_to_gcj02

in_china = st.tuples(st.floats(75, 134), st.floats(19, 52))


@given(in_china)
def test_shifting_and_shifting_back_gives_the_same_point(point):
    longitude, latitude = np.array([point[0]]), np.array([point[1]])
    back = gcj02_to_wgs84(*wgs84_to_gcj02(longitude, latitude))
    assert np.allclose(back, (longitude, latitude), atol=1e-8)


def test_the_shift_at_changsha_is_some_hundred_metres_to_the_south_east():
    east, north = wgs84_to_gcj02(np.array([112.971]), np.array([28.195]))
    assert 400 < (east[0] - 112.971) * 98_100 < 700  # metres in a degree of longitude at this latitude
    assert -600 < (north[0] - 28.195) * 110_800 < -200


def test_the_published_example_is_met():
    # Beijing, Tiananmen: the pair that most implementations are checked with.
    longitude, latitude = wgs84_to_gcj02(np.array([116.404]), np.array([39.915]))
    assert np.allclose((longitude[0], latitude[0]), (116.41024449916938, 39.91640428150164), atol=1e-9)


def test_outside_china_nothing_is_shifted():
    assert np.allclose(wgs84_to_gcj02(np.array([-122.42]), np.array([37.77])), [[-122.42], [37.77]])
