"""GCJ-02, BD-09 and WGS 84."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.types import Point
from graph.datum import (
    bd09_to_gcj02,
    bd09_to_wgs84,
    check_datum,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    point_to_wgs84,
    to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

in_china = st.tuples(st.floats(75, 134), st.floats(19, 52))
there_and_back = pytest.mark.parametrize(
    ("there", "back"),
    [(wgs84_to_gcj02, gcj02_to_wgs84), (gcj02_to_bd09, bd09_to_gcj02), (wgs84_to_bd09, bd09_to_wgs84)],
)


def degrees(*pair):
    return np.array([pair[0]]), np.array([pair[1]])


@there_and_back
@given(point=in_china)
def test_shifting_and_shifting_back_gives_the_same_point(there, back, point):
    assert np.allclose(back(*there(*degrees(*point))), degrees(*point), atol=1e-8)


def test_the_shift_at_changsha_is_some_hundred_metres_to_the_south_east():
    east, north = wgs84_to_gcj02(np.array([112.971]), np.array([28.195]))
    assert 400 < (east[0] - 112.971) * 98_100 < 700  # metres in a degree of longitude at this latitude
    assert -600 < (north[0] - 28.195) * 110_800 < -200


def test_baidus_shift_adds_some_hundred_metres_to_the_north_east():
    east, north = gcj02_to_bd09(np.array([112.971]), np.array([28.195]))
    assert 400 < (east[0] - 112.971) * 98_100 < 900
    assert 400 < (north[0] - 28.195) * 110_800 < 900


@pytest.mark.parametrize(
    ("shift", "expected", "degrees_off"),
    [
        (wgs84_to_gcj02, (116.41024449916938, 39.91640428150164), 1e-9),
        (gcj02_to_bd09, (116.41036949371029, 39.92133699351021), 1e-9),
        # The published inverses are approximate, ours are exact; they meet within a metre.
        (gcj02_to_wgs84, (116.39775550083061, 39.91359571849836), 1e-5),
        (bd09_to_gcj02, (116.39762729119315, 39.90865673957631), 1e-5),
    ],
)
def test_the_published_examples_are_met(shift, expected, degrees_off):
    # Beijing, Tiananmen: the pair that most implementations are checked with.
    assert np.allclose(shift(*degrees(116.404, 39.915)), [[expected[0]], [expected[1]]], atol=degrees_off)


@there_and_back
def test_outside_china_nothing_is_shifted(there, back):
    for shift in (there, back):
        assert np.allclose(shift(np.array([-122.42]), np.array([37.77])), [[-122.42], [37.77]])


@there_and_back
def test_many_points_are_shifted_as_each_alone(there, back):
    longitude, latitude = np.array([[112.9, 116.4], [121.5, -0.1]]), np.array([[28.2, 39.9], [31.2, 51.5]])
    for shift in (there, back):
        east, north = shift(longitude, latitude)
        assert east.shape == north.shape == longitude.shape
        for at in np.ndindex(2, 2):
            assert np.allclose(shift(longitude[at].reshape(1), latitude[at].reshape(1)), [[east[at]], [north[at]]])


def test_the_arrays_given_are_not_changed():
    longitude, latitude = degrees(112.9, 28.2)
    to_wgs84(longitude, latitude, "bd09")
    assert (longitude[0], latitude[0]) == (112.9, 28.2)


@pytest.mark.parametrize(("datum", "shift"), [("gcj02", wgs84_to_gcj02), ("bd09", wgs84_to_bd09)])
def test_a_datum_is_converted_by_its_name(datum, shift):
    longitude, latitude = degrees(112.971, 28.195)
    shifted = shift(longitude, latitude)
    assert np.allclose(to_wgs84(*shifted, datum), (longitude, latitude), atol=1e-8)
    point = point_to_wgs84(Point(float(shifted[0][0]), float(shifted[1][0])), datum)
    assert (point.longitude, point.latitude) == pytest.approx((112.971, 28.195), abs=1e-8)


def test_wgs84_stays_as_it_is():
    assert point_to_wgs84(Point(112.971, 28.195), "wgs84") == Point(112.971, 28.195)
    assert to_wgs84(*degrees(112.971, 28.195), "wgs84") == degrees(112.971, 28.195)


def test_an_unknown_datum_is_refused_and_the_field_is_named():
    with pytest.raises(BadInput, match=r"boundaries\.datum.*'cgcs2000'.*'bd09'"):
        check_datum("cgcs2000", "boundaries.datum")
    with pytest.raises(BadInput, match="datum"):
        to_wgs84(*degrees(112.971, 28.195), "GCJ-02")
