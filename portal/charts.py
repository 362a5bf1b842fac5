"""Where the bars of a small chart stand, in the units of its drawing."""

HEIGHT, BAR, GAP = 80, 24, 10


def bars(points: list[tuple[str, int]]) -> dict[str, object]:
    """Each point's bar, the highest as tall as the drawing; a zero keeps a thin line to show that it was counted."""
    top = max((value for _, value in points), default=0) or 1
    drawn = []
    for place, (label, value) in enumerate(points):
        height = max(1, round(HEIGHT * value / top))
        drawn.append({"label": label, "value": value, "x": place * (BAR + GAP), "y": HEIGHT - height, "height": height})
    return {"bars": drawn, "bar": BAR, "height": HEIGHT, "width": max(1, len(points) * (BAR + GAP) - GAP)}
