"""What was measured, as a table for people, and what the portal promised beside what it does."""

from collections.abc import Iterator, Sequence
from typing import Any

Row = dict[str, Any]
BACK_WITHIN, KIB = 15.0, 40.0
P50, P99, OK_P99 = 8.0, 25.0, 25.0  # milliseconds
SAME = 0.8  # of the deliveries a second that an empty history allows
TIMES = {("large", "uvicorn"): 15, ("large", "daphne"): 8, ("small", "uvicorn"): 12, ("small", "daphne"): 12}

TALK = "{:<8}{:<9}{:<8}{:<9}{:>9}{:>8}{:>9}{:>8}{:>8}{:>9}{:>9}{:>9}{:>9}{:>7}{:>7}  {}"


def table(rows: Sequence[Row]) -> Iterator[str]:
    """One line a measurement."""
    talking = [row for row in rows if row["part"] in ("flood", "steady")]
    if talking:
        heads = "part crowd server kind stored sockets deliv/s msg/s p50 p99 ok.p50 ok.p99 lag.p99 server load notes"
        yield TALK.format(*heads.split())
    for row in talking:
        delivery, ok, lag = (row[name] or {} for name in ("delivery_ms", "ok_ms", "load_lag_ms"))
        yield TALK.format(
            row["part"],
            row["crowd"],
            row["server"],
            row["kind"],
            row["stored"],
            row["sockets"],
            row["deliveries_per_s"],
            row["messages_per_s"],
            delivery.get("p50", "-"),
            delivery.get("p99", "-"),
            ok.get("p50", "-"),
            ok.get("p99", "-"),
            lag.get("p99", "-"),
            row["server_busy"],
            row["load_busy"],
            _notes(row),
        )
    for row in rows:
        who = f"{row['part']:<10}{row['server']:<9}{row['kind']:<9}"
        if row["part"] == "idle":
            memory = f"{row['empty_mib']} -> {row['full_mib']} MiB, {row['kib_a_socket']} KiB a socket"
            yield f"{who}{row['sockets']} sockets, {memory} {_notes(row)}"
        elif row["part"] == "reconnect":
            times = f"half in {row['half_back_s']} s, all in {row['all_back_s']} s"
            yield f"{who}{row['back']} of {row['sockets']} live again, {times} {_notes(row)}"


def _notes(row: Row) -> str:
    said = [f"{name}={row[name]}" for name in ("gaps", "unanswered") if row.get(name)]
    if row["part"] == "steady" and row["deliveries"] != row["expected"]:
        said.append(f"{row['expected'] - row['deliveries']} not arrived in time")
    return "; ".join([*said, *(f"{count} x {what}" for what, count in row["notes"].items())])


def promises(rows: Sequence[Row]) -> Iterator[Row]:
    """Each promise that these rows can speak to: what was promised, what was measured, whether it holds."""
    flood = {
        (row["crowd"], row["server"], row["kind"], row["stored"]): row["deliveries_per_s"]
        for row in rows
        if row["part"] == "flood"
    }
    for (crowd, server, kind, stored), mine in flood.items():
        if kind != "portal":
            continue
        if stored:
            yield _promise(
                f"{stored} stored, {server}", "share of an empty history's", mine, SAME, flood, crowd, server
            )
            continue
        if crowd not in ("large", "small"):
            continue
        times = TIMES[crowd, server]
        yield from _against(flood, mine, crowd, server, "textbook", times)
        if (crowd, server) == ("large", "uvicorn"):
            yield from _against(flood, mine, crowd, server, "bare", 0.5)
    for row in rows:
        if row["kind"] == "portal":
            yield from _of_one(row)


def _promise(name: str, what: str, mine: float, least: float, flood: dict[Any, float], crowd: str, server: str) -> Row:
    found = round(mine / max(1, flood.get((crowd, server, "portal", 0), 1)), 2)
    return {"promise": f"{name}: {what} at least {least}", "measured": found, "holds": found >= least}


def _against(flood: dict[Any, float], mine: float, crowd: str, server: str, other: str, times: float) -> Iterator[Row]:
    if theirs := flood.get((crowd, server, other, 0)):
        found = round(mine / theirs, 2)
        name = f"{crowd} rooms, {server}: at least {times} x {other}"
        yield {"promise": name, "measured": found, "holds": found >= times}


def _of_one(row: Row) -> Iterator[Row]:
    where = f"{row['part']}, {row['crowd']}, {row['server']}, {row['stored']} stored"
    if row["part"] == "steady" and row["delivery_ms"] and row["ok_ms"]:
        limits = [("delivery_ms", "p50", P50), ("delivery_ms", "p99", P99), ("ok_ms", "p99", OK_P99)]
        for name, place, most in limits:
            found = row[name][place]
            yield {"promise": f"{where}: {name} {place} at most {most}", "measured": found, "holds": found <= most}
    elif row["part"] == "idle":
        found = row["kib_a_socket"]
        yield {"promise": f"{where}: at most {KIB} KiB a socket", "measured": found, "holds": found <= KIB}
    elif row["part"] == "reconnect":
        found = row["all_back_s"]
        holds = found is not None and found <= BACK_WITHIN and row["back"] == row["sockets"]
        yield {"promise": f"{where}: all live within {BACK_WITHIN} s", "measured": found, "holds": holds}
