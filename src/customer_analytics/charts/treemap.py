"""The layout of a treemap."""


def squarified(
    values: list[float], *, width: float, height: float
) -> list[tuple[float, float, float, float]]:
    """Divide a rectangle into rectangles of given areas, as square as can be.

    Parameters
    ----------
    values : list of float
        Sizes above 0, largest first; they are scaled to fill the rectangle.
    width, height : float
        Of the rectangle, whose lower left corner is (0, 0).

    Returns
    -------
    list of (left, bottom, right, top)
        A rectangle per value, in the order given.

    Raises
    ------
    ValueError
        If a value is not above 0, or the order is another.

    References
    ----------
    Bruls, Huizing and van Wijk (2000), Squarified Treemaps, VisSym, pp. 33-42.
    """
    if any(value <= 0 for value in values) or values != sorted(values, reverse=True):
        raise ValueError("values must be above 0, largest first")
    scale = width * height / sum(values) if values else 0.0
    areas = [value * scale for value in values]
    boxes: list[tuple[float, float, float, float]] = []
    left, bottom = 0.0, 0.0
    while areas:
        side = min(width, height)
        count = 1
        while count < len(areas) and _worst_ratio(areas[: count + 1], side) <= (
            _worst_ratio(areas[:count], side)
        ):
            count += 1
        row, areas = areas[:count], areas[count:]
        depth = sum(row) / side
        if width >= height:
            edges = _edges(bottom, [area / depth for area in row])
            boxes += [(left, low, left + depth, high) for low, high in edges]
            left, width = left + depth, width - depth
        else:
            edges = _edges(left, [area / depth for area in row])
            boxes += [(low, bottom, high, bottom + depth) for low, high in edges]
            bottom, height = bottom + depth, height - depth
    return boxes


def _worst_ratio(row: list[float], side: float) -> float:
    """Return the largest ratio of sides when areas are laid along a side."""
    total = sum(row)
    return max(side**2 * max(row) / total**2, total**2 / (side**2 * min(row)))


def _edges(start: float, lengths: list[float]) -> list[tuple[float, float]]:
    """Return (low, high) of pieces laid end to end."""
    edges = []
    for length in lengths:
        edges.append((start, start + length))
        start += length
    return edges
