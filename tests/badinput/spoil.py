"""Clio's answers, spoiled on their way: whole, or one row of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.wrappers import Request, Response

from syncapp.emulators.wire import dumps, loads
from tests.stage import Stage

type Row = dict[str, Any]


@contextmanager
def spoiled(stage: Stage, resource: str, change: Callable[[Any], Any]) -> Iterator[None]:
    """While this lasts, each answer of one list goes through `change`, decoded. What it gives is sent."""

    def step(request: Request, response: Response) -> None:
        asked = request.path.removesuffix(".json").endswith(f"/api/v4/{resource}")
        if request.method == "GET" and asked and response.status_code == 200:
            given = change(loads(response.get_data()))
            response.set_data(given if isinstance(given, bytes) else dumps(given))

    stage.clio.after.append(step)
    try:
        yield
    finally:
        stage.clio.after.remove(step)


def row(source_id: int, **values: Any) -> Callable[[Any], Any]:
    """Change the fields of one row."""

    def change(body: Any) -> Any:
        for one in body["data"]:
            if one["id"] == source_id:
                one.update({name: value for name, value in values.items() if name in one})
        return body

    return change
