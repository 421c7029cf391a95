"""An answer to a case is written inside `given.press`, so that it can be taken back before its run."""

from __future__ import annotations

from tests.house import sources

WRITES = {"create", "get_or_create", "update_or_create", "bulk_create"}
NO_ANSWER = {  # writes words, and answers no case itself
    "syncapp/pipeline/adoption/accepting.py": "a proposal on the page of adoption, of no case",
    "syncapp/pipeline/contacts/strangers.py": "the list of customers of no client, asked again there",
    "syncapp/pipeline/deposits/parts.py": "said on the page of a payout, of no case",
    "syncapp/pipeline/deposits/taken.py": "said on the page of a payout, of no case",
    "syncapp/pipeline/drifting/gone.py": "called inside the press of drifting/answers.py",
    "syncapp/pipeline/drifting/taking.py": "called inside the press of drifting/answers.py",
}


def test_each_writer_of_an_answer_presses_or_says_why_not() -> None:
    wrote, pressed = set(), set()
    for file in sources.python_files("syncapp", "trust", "mapping"):
        for called, _ in sources.calls(file):
            table, _, way = called.partition(".objects.")
            if table == "BookChoice" and way in WRITES:
                wrote.add(sources.name_of(file))
            if called == "given.press":
                pressed.add(sources.name_of(file))

    assert wrote - pressed == set(NO_ANSWER)
    assert len(wrote & pressed) > 5
