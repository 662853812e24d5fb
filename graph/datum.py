"""GCJ-02, the shifted datum of Chinese web maps, to WGS 84.

Source: the published polynomial of the shift on the Krasovsky 1940 ellipsoid ("eviltran" and its many copies); the inverse
iterates the forward shift, as the shift has no closed inverse. Outside China the shift is zero.
"""

import numpy as np
import numpy.typing as npt

__all__ = ["gcj02_to_wgs84", "wgs84_to_gcj02"]

Degrees = npt.NDArray[np.float64]

_SEMI_MAJOR = 6378245.0  # metres, Krasovsky 1940
_ECCENTRICITY_2 = 0.00669342162296594323
_ROUNDS = 6  # the error shrinks about 1000-fold a round; 6 reach the limit of a double


def wgs84_to_gcj02(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Shift WGS 84 degrees to GCJ-02 degrees; arrays of one shape, returns two of the same."""
    east, north = _shift(longitude, latitude)
    return longitude + east, latitude + north


def gcj02_to_wgs84(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Undo the shift: GCJ-02 degrees to WGS 84 degrees, exact to about 1e-9 degrees (0.1 mm)."""
    wgs_longitude, wgs_latitude = longitude.copy(), latitude.copy()
    for _ in range(_ROUNDS):
        shifted_longitude, shifted_latitude = wgs84_to_gcj02(wgs_longitude, wgs_latitude)
        wgs_longitude += longitude - shifted_longitude
        wgs_latitude += latitude - shifted_latitude
    return wgs_longitude, wgs_latitude


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
    inside = (longitude > 72.004) & (longitude < 137.8347) & (latitude > 0.8293) & (latitude < 55.8271)  # noqa: PLR2004
    return (
        np.where(inside, np.degrees(east / metres_east), 0.0),
        np.where(inside, np.degrees(north / metres_north), 0.0),
    )
