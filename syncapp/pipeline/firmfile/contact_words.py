"""What a firm file may say of contacts: whose word holds, by field, and whether Clio may be written. Pure."""

from __future__ import annotations

from syncapp.core.contacts import FIELDS, Winner
from syncapp.pipeline.firmfile.shape import keys, one_of, truth

CONTACTS = keys(
    {
        "winners": keys(dict.fromkeys(FIELDS, one_of(*[winner.value for winner in Winner]))),
        "write_clio": truth,
    }
)
