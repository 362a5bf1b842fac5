"""The checker of the fault run sees every kind of broken promise; what is right it leaves alone."""

import pytest

from bench.faulting.checker import check
from bench.faulting.nemesis import CALM, DEEDS, FAULTS, plan

ANNA, BO = "anna", "bo"


def story() -> list[dict]:
    """Anna says two things on page 0; Bo reads on page 1. A fault ends at 3.0."""
    events = [
        {"t": 0.0, "what": "page", "page": 0, "person": ANNA, "session": "s0", "room": "r"},
        {"t": 0.0, "what": "page", "page": 1, "person": BO, "session": "s1", "room": "r"},
        {"t": 0.1, "what": "link", "page": 0, "link": 1, "seen": 0},
        {"t": 0.1, "what": "link", "page": 1, "link": 1, "seen": 0},
    ]
    for number in (1, 2):
        at, key = float(number), f"k{number}"
        events += [
            {"t": at, "what": "invoke", "page": 0, "op": "send", "key": key, "body": f"b{number}"},
            {"t": at, "what": "put", "page": 0, "key": key},
            {"t": at + 0.1, "what": "ok", "page": 0, "key": key, "seq": number, "message": f"m{number}"},
            *(change(at + 0.1, page, number) for page in (0, 1)),
        ]
    events.append({"t": 3.0, "what": "over", "kind": "a fault", "heads": {"r": 2}})
    return events + [end(page) for page in (0, 1)]


def change(t: float, page: int, seq: int, *, shown: bool = True, **more) -> dict:
    said = {"id": f"m{seq}", "state": "shown", "body": f"b{seq}"}
    event = {"t": t, "what": "change", "page": page, "link": 1, "seq": seq, "kind": "message.sent", "shown": shown}
    return {**event, "message": said, **more}


def end(page: int, **more) -> dict:
    shown = {"shown": 2, "over": False, "messages": {f"m{number}": ["shown", f"b{number}"] for number in (1, 2)}}
    return {"t": 9.0, "what": "end", "page": page, **shown, **more}


def log() -> dict:
    return {
        "heads": {"r": 2},
        "changes": [["r", number, "message.sent", f"m{number}", f"k{number}", ANNA] for number in (1, 2)],
        "drawn": {"r": {f"m{number}": ["shown", f"b{number}"] for number in (1, 2)}},
    }


def kinds(events: list[dict], kept: dict | None = None) -> set[str]:
    """What the checker calls it."""
    return {sentence.partition(":")[0] for sentence in check(events, kept or log())}


def without(events: list[dict], **like) -> list[dict]:
    return [event for event in events if not like.items() <= event.items()]


def test_nothing_is_wrong_with_a_run_in_which_nothing_went_wrong():
    assert check(story(), log()) == []


def test_an_acknowledged_message_that_is_not_there_is_lost():
    kept = log()
    kept["changes"][1][4] = "another key"
    assert "lost" in kinds(story(), kept)


def test_an_acknowledged_change_that_is_not_there_is_lost():
    deed = {"page": 0, "key": "e", "t": 2.5}
    events = [
        *story(),
        {**deed, "what": "invoke", "op": "edit", "body": "other", "message": "m1"},
        {**deed, "what": "put"},
        {**deed, "what": "ok", "seq": 3, "message": "m1"},
    ]
    assert "lost" in kinds(events)


def test_one_key_twice_is_doubled():
    kept = log()
    kept["changes"].append(["r", 3, "message.sent", "m3", "k1", ANNA])
    kept["heads"]["r"] = 3
    assert "doubled" in kinds(story(), kept)


def test_the_same_words_under_two_keys_are_doubled():
    kept = log()
    kept["drawn"]["r"]["m3"] = ["shown", "b1"]
    assert "doubled" in kinds(story(), kept)


def test_two_answers_to_one_key():
    again = {"t": 2.9, "what": "ok", "page": 0, "key": "k1", "seq": 2, "message": "m2"}
    assert "two answers" in kinds([*story(), again])


def test_an_unknown_outcome_may_be_there_or_not():
    events = without(story(), what="ok", key="k2")
    assert check(events, log()) == []
    gone = log()
    gone["changes"][1][4] = "somebody else's"
    assert check(events, gone) == []


def test_what_was_refused_is_not_there():
    events = without(story(), what="ok", key="k2")
    events.append({"t": 2.9, "what": "refused", "page": 0, "key": "k2", "code": "muted"})
    assert "kept though refused" in kinds(events)
    tried_before = {"t": 2.0, "what": "put", "page": 0, "key": "k2"}
    assert check([*events, tried_before], log()) == []  # the answer to the first try was lost


def test_a_number_left_out_on_the_wire_is_skipped():
    assert "skipped" in kinds(without(story(), what="change", page=1, seq=1))


def test_a_number_shown_out_of_order_is_reordered():
    events = story()
    first, second = [event for event in events if event["what"] == "change" and event["page"] == 1]
    place, other = events.index(first), events.index(second)
    events[place], events[other] = second, first
    assert "reordered" in kinds(events)


def test_what_one_page_sent_in_another_order_is_reordered():
    events, kept = story(), log()
    for event in events:
        if event["what"] == "ok":
            event |= {"seq": 3 - event["seq"], "message": f"m{3 - event['seq']}"}
    for row in kept["changes"]:
        row[4] = f"k{3 - row[1]}"
    assert "reordered" in kinds(events, kept)


def test_a_hole_in_the_log():
    kept = log()
    del kept["changes"][0]
    assert "gap in the log" in kinds(story(), kept)


def test_two_pages_that_were_told_different_things():
    events = story()
    events[-4 if events[-4]["what"] == "change" else -5]["message"] = {"id": "m9", "state": "shown", "body": "b9"}
    assert "not the same for all" in kinds(events)


@pytest.mark.parametrize("whose", [{"person": BO}, {"session": "s1"}])
def test_what_is_heard_after_access_was_lost_has_leaked(whose):
    lost = {"t": 1.5, "what": "deed", "deed": "remove", "room": "r", "from": 2, **whose}
    assert "leaked" in kinds([*story(), lost])
    assert "leaked" not in kinds([*story(), {**lost, "from": 3}])
    assert "leaked" not in kinds([*story(), {**lost, "room": "another"}])


def test_what_is_written_while_muted():
    muted = {"t": 1.5, "what": "deed", "deed": "mute", "person": ANNA, "muted": 1}
    assert "written while muted" in kinds([*story(), muted])
    assert "written while muted" not in kinds([*story(), {**muted, "muted": 2}])


def test_a_page_that_stays_behind_after_a_fault_is_not_whole():
    late = [{**event, "t": 8.2} if event["what"] == "change" and event["seq"] == 2 else event for event in story()]
    assert "not whole" in kinds(late)
    assert "not whole" in kinds(without(story(), what="change", page=1, seq=2))


def test_a_page_that_waits_to_try_again_may_wait_first():
    late = [{**event, "t": 8.2} if event["what"] == "change" and event["seq"] == 2 else event for event in story()]
    down = [{"t": 2.9, "what": "down", "page": page, "code": 1006, "pause": 1.0, "over": False} for page in (0, 1)]
    assert check([*down, *late][2:4] + down + late[2:], log()) == []


def test_a_page_without_time_before_the_next_fault_is_judged_after_that_one():
    down = {"t": 2.9, "what": "down", "page": 1, "code": 1006, "pause": 4.0, "over": False}
    later = [
        {"t": 7.0, "what": "fault", "kinds": ["cut links"], "lasts": 0.0, "deed": "none"},
        {"t": 7.1, "what": "over", "kind": "another", "heads": {"r": 2}},
    ]
    behind = without(story(), what="change", page=1, seq=2)
    back = [*behind[:-2], down, *later, change(12.0, 1, 2), *behind[-2:]]
    never = [*behind[:-2], down, *later, *behind[-2:]]
    assert check(back, log()) == []
    assert [words for words in check(never, log()) if "after" in words] == [
        "not whole: page 1 never had all after “another”"
    ]


def test_a_page_that_shows_other_words_than_a_fresh_one():
    other = end(1, messages={"m1": ["shown", "b1"], "m2": ["shown", "old words"]})
    assert "not the same" in kinds([*without(story(), what="end", page=1), other])


def test_a_page_that_ended_behind():
    assert "not whole" in kinds([*without(story(), what="end", page=1), end(1, shown=1)])


def test_a_fault_of_the_server():
    down = {"t": 2.9, "what": "down", "page": 1, "code": 1011, "pause": 0.5, "over": False}
    assert "fault of the server" in kinds([*story(), down])


def test_being_sent_away():
    assert "sent away" in kinds([*story(), {"t": 2.9, "what": "reset", "page": 1}])


def test_the_same_seed_plans_the_same_faults_and_every_kind_comes():
    one, two = (plan(7, seconds=600, pages=72) for _ in range(2))
    assert one == two != plan(8, seconds=600, pages=72)
    assert {kind for fault in one for kind in fault.kinds} == set(FAULTS)
    assert {fault.deed for fault in one} == set(DEEDS)
    ends = [fault.at + fault.lasts for fault in one]
    assert all(later.at >= end + CALM - 0.11 for end, later in zip(ends, one[1:], strict=False))
    assert ends[-1] <= 600 - CALM + 0.1
