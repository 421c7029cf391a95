"""A record that one reading of a long list did not show is asked for by its id before it counts as gone."""

from __future__ import annotations

import pytest
from werkzeug.wrappers import Request, Response

from syncapp.emulators.wire import dumps, loads
from syncapp.pipeline import pull
from tests.delivery.scene import scene

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("erased", [False, True])
def test_a_bill_that_slipped_between_two_pages_keeps_its_invoice(
    monkeypatch: pytest.MonkeyPatch, erased: bool
) -> None:
    with scene() as at:
        bill, _ = at.bills(2)
        at.sync()
        monkeypatch.setattr(pull, "SHORT_LIST", 0)  # longer than a page: asked for what changed, and swept

        def slips(request: Request, response: Response) -> None:
            of_bills = request.path.removesuffix(".json").endswith("/api/v4/bills")
            if of_bills and response.status_code == 200 and (erased or "ids[]" not in request.args):
                body = loads(response.get_data())
                body["data"] = [one for one in body["data"] if one["id"] != bill.id]
                response.set_data(dumps(body))

        at.on.clio.after.append(slips)
        at.sync()

        stands = next(one for one in at.store("Invoice") if one["DocNumber"] == bill.number)
        assert bool(stands["TotalAmt"]) is not erased
        assert not at.holds()
