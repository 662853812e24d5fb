"""GCJ-02 and BD-09, the shifted datums of Chinese web maps, to WGS 84 and back.

GCJ-02 (Amap, Tencent) shifts WGS 84 by a published polynomial on the Krasovsky 1940 ellipsoid ("eviltran" and its many
copies); BD-09 (Baidu) turns and stretches GCJ-02 a little more. Neither has a closed inverse, so the inverses iterate the
forward shift. Outside China neither is shifted.
"""

from collections.abc import Callable
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from core.errors import BadInput
from core.types import Point

__all__ = [
    "Datum",
    "bd09_to_gcj02",
    "bd09_to_wgs84",
    "check_datum",
    "gcj02_to_bd09",
    "gcj02_to_wgs84",
    "point_to_wgs84",
    "to_wgs84",
    "wgs84_to_bd09",
    "wgs84_to_gcj02",
]

Datum: TypeAlias = Literal["wgs84", "gcj02", "bd09"]
Degrees: TypeAlias = npt.NDArray[np.float64]
_Shift: TypeAlias = Callable[[Degrees, Degrees], tuple[Degrees, Degrees]]

_SEMI_MAJOR: Final = 6378245.0  # metres, Krasovsky 1940
_ECCENTRICITY_2: Final = 0.00669342162296594323
_ROUNDS: Final = 6  # the error shrinks about 1000-fold a round; 6 reach the limit of a double
_BAIDU_TURN: Final = np.pi * 3000.0 / 180.0


def to_wgs84(longitude: Degrees, latitude: Degrees, datum: str) -> tuple[Degrees, Degrees]:
    """Degrees of any datum to WGS 84 degrees; arrays of one shape. Raises BadInput for a datum that is none of `Datum`."""
    shift = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}.get(check_datum(datum))
    return shift(longitude, latitude) if shift else (longitude, latitude)


def point_to_wgs84(point: Point, datum: str) -> Point:
    """One point of any datum in WGS 84; raises as `to_wgs84` does."""
    if check_datum(datum) == "wgs84":
        return point
    longitude, latitude = to_wgs84(np.array([point.longitude]), np.array([point.latitude]), datum)
    return Point(float(longitude[0]), float(latitude[0]))


def check_datum(datum: str, field: str = "datum") -> Datum:
    """The datum, where it is one of `Datum`; raises BadInput naming the field."""
    for known in get_args(Datum):
        if datum == known:
            return known
    raise BadInput(field, datum, "'wgs84', 'gcj02' (Amap, Tencent) or 'bd09' (Baidu)")


def wgs84_to_gcj02(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Shift WGS 84 degrees to GCJ-02 degrees; arrays of one shape, returns two of the same."""
    east, north = _shift(longitude, latitude)
    return longitude + east, latitude + north


def gcj02_to_wgs84(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Undo the shift: GCJ-02 degrees to WGS 84 degrees, exact to about 1e-9 degrees (0.1 mm)."""
    return _undone(wgs84_to_gcj02, longitude, latitude)


def gcj02_to_bd09(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Shift GCJ-02 degrees to BD-09 degrees; arrays of one shape, returns two of the same.

    Source: the published constants of Baidu's own converter, as in its many copies (e.g. "coordtransform").
    """
    radius = np.hypot(longitude, latitude) + 0.00002 * np.sin(latitude * _BAIDU_TURN)
    angle = np.arctan2(latitude, longitude) + 0.000003 * np.cos(longitude * _BAIDU_TURN)
    inside = _in_china(longitude, latitude)
    return (
        np.where(inside, radius * np.cos(angle) + 0.0065, longitude),
        np.where(inside, radius * np.sin(angle) + 0.006, latitude),
    )


def bd09_to_gcj02(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """BD-09 degrees to GCJ-02 degrees, exact to about 1e-9 degrees (the usual closed inverse is off by up to a metre)."""
    return _undone(gcj02_to_bd09, longitude, latitude)


def wgs84_to_bd09(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """WGS 84 degrees to BD-09 degrees, by way of GCJ-02."""
    return gcj02_to_bd09(*wgs84_to_gcj02(longitude, latitude))


def bd09_to_wgs84(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """BD-09 degrees to WGS 84 degrees, by way of GCJ-02."""
    return gcj02_to_wgs84(*bd09_to_gcj02(longitude, latitude))


def _undone(shift: _Shift, longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """The degrees that the shift brings to these."""
    before_longitude, before_latitude = longitude.copy(), latitude.copy()
    for _ in range(_ROUNDS):
        shifted_longitude, shifted_latitude = shift(before_longitude, before_latitude)
        before_longitude += longitude - shifted_longitude
        before_latitude += latitude - shifted_latitude
    return before_longitude, before_latitude


def _in_china(longitude: Degrees, latitude: Degrees) -> npt.NDArray[np.bool_]:
    """Whether degrees lie in the rectangle in which the datums are shifted."""
    return (longitude > 72.004) & (longitude < 137.8347) & (latitude > 0.8293) & (latitude < 55.8271)  # noqa: PLR2004


def _shift(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    x, y = longitude - 105.0, latitude - 35.0
    root = np.sqrt(np.abs(x))
    ripple = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    radians = np.radians(latitude)
    flat = 1.0 - _ECCENTRICITY_2 * np.sin(radians) ** 2
    metres_north = _SEMI_MAJOR * (1.0 - _ECCENTRICITY_2) / (flat * np.sqrt(flat))
    metres_east = _SEMI_MAJOR / np.sqrt(flat) * np.cos(radians)
    inside = _in_china(longitude, latitude)
    return (
        np.where(inside, np.degrees(east / metres_east), 0.0),
        np.where(inside, np.degrees(north / metres_north), 0.0),
    )
