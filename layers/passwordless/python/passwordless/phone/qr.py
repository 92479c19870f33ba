"""The QR code as an inline SVG: error correction M, quiet zone 4, one path, no style."""

from functools import lru_cache
from itertools import groupby

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

_VERSION = 4
_MASK = 3
_QUIET_ZONE = 4


@lru_cache(maxsize=64)
def svg(url: str) -> str:
    """Return an `<svg>` of about 2 kB that shows `url`.

    The URL is put in upper case, so that the code stays in alphanumeric mode and at version 4 for up to 90 characters.
    """
    code = QRCode(version=_VERSION, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    code.add_data(url.upper())
    code.make(fit=True)
    matrix = code.get_matrix()
    size = len(matrix) + 2 * _QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path stroke="#000" d="{_path(matrix)}"/></svg>'
    )


def _path(matrix: list[list[bool]]) -> str:
    return "".join(_line(y + _QUIET_ZONE, _runs(row)) for y, row in enumerate(matrix))


def _line(y: int, runs: list[tuple[int, int]]) -> str:
    """Draw one row: the first run from an absolute place, the others by their distance, which halves the length."""
    path, end = "", 0
    for start, length in runs:
        path += f"m{start - end} 0h{length}" if path else f"M{start + _QUIET_ZONE} {y}.5h{length}"
        end = start + length
    return path


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Return where each run of dark modules starts and how long it is."""
    runs, x = [], 0
    for dark, group in groupby(row):
        length = len(list(group))
        if dark:
            runs.append((x, length))
        x += length
    return runs
