"""What a firm file says of how bills stand in the books. Pure."""

from __future__ import annotations

from syncapp.pipeline.firmfile.shape import keys, one_of, text, truth

INVOICES = keys(
    {
        "number_prefix": text(empty=True, longest=10),
        "lines": one_of("detail", "summary"),
        "several_matters": one_of("one", "each"),
        "costs": one_of("together", "own"),
        "costs_suffix": text(longest=8),
        "tax": one_of("aggregate", "per_line"),
        "narrative": truth,
        "bill_pdf": one_of("none", "attach", "send"),
        "paid_first": one_of("costs", "fees", "proportional"),
    }
)
