"""Attachables: files and notes at transactions (API.md 8.11, Intuit's upload and delete samples)."""

from __future__ import annotations

import base64
import json
from typing import Any

from werkzeug.wrappers import Request

from syncapp.emulators.qbo.company import Company, Obj, clone
from syncapp.emulators.qbo.errors import DELETED, Refused, missing, stale

ENTITY = "Attachable"
BYTES = 100 * 1024 * 1024
NOTHING = "You must have at least a note string or file attachment"
_LIMITS = {"FileName": 1000, "Note": 2000}
_KEPT = ("FileName", "Note", "Category", "ContentType", "AttachableRef")


def upload(co: Company, request: Request) -> Obj:
    """`POST /upload`: each `file_metadata_N` with its `file_content_N`; a row for each, or its fault."""
    rows = []
    for name in sorted({*request.files, *request.form}):
        if not name.startswith("file_content_"):
            continue
        told = _metadata(_part(request, f"file_metadata_{name.removeprefix('file_content_')}"))
        file = request.files.get(name)
        try:
            rows.append({ENTITY: _file(co, told, _part(request, name), file.filename or "" if file else "")})
        except Refused as refused:
            rows.append({"Fault": refused.fault()})
    if not rows:
        raise Refused("2010", "Request could not be read : no file was sent")
    return {"AttachableResponse": rows}


def _part(request: Request, name: str) -> bytes:
    """A part of the form, with or without a file name; base64 is taken off."""
    file = request.files.get(name)
    if file is None:  # some clients send no file name, and base64
        text = request.form.get(name, "")
        return text.encode() if name.startswith("file_metadata_") else base64.b64decode(text)
    content = file.read()
    coded = file.headers.get("Content-Transfer-Encoding", "").lower() == "base64"
    return base64.b64decode(content) if coded else content


def _metadata(text: bytes) -> Obj:
    try:
        told: Any = json.loads(text or b"{}")
    except ValueError as wrong:
        raise Refused("2010", f"Request could not be read : {wrong}") from None
    return dict(told) if isinstance(told, dict) else {}


def _file(co: Company, told: Obj, content: bytes, name: str) -> Obj:
    if len(content) > BYTES:
        raise Refused("6000", "Business Validation Error: The file is larger than 100 MB.")
    made = create(co, {"FileName": name, **told})
    kept = co.store[ENTITY][made["Id"]]
    kept |= {"Size": len(content), "TempDownloadUri": f"https://files.invalid/{made['Id']}"}
    co.files[made["Id"]] = content
    return clone(kept)


def create(co: Company, given: Obj) -> Obj:
    """A note, or the metadata of a file. Raises Refused."""
    if not (given.get("Note") or given.get("FileName")):
        raise Refused("6000", f"Business Validation Error: {NOTHING}")
    for name, most in _LIMITS.items():
        if len(str(given.get(name, ""))) > most:
            raise Refused("2050", f"String length is either shorter or longer than supported : {name}")
    refs = [_reference(co, ref) for ref in given.get("AttachableRef") or []]
    now = co.stamp()
    row = {name: given[name] for name in _KEPT if name in given} | {
        "AttachableRef": refs,
        "Id": co.next_id(ENTITY),
        "SyncToken": "0",
        "MetaData": {"CreateTime": now, "LastUpdatedTime": now},
    }
    co.store[ENTITY][row["Id"]] = row
    return clone(row)


def _reference(co: Company, ref: Obj) -> Obj:
    said = ref.get("EntityRef") or {}
    kinds = {name.lower(): name for name in co.store}
    entity = kinds.get(str(said.get("type", "")).lower(), "")
    if not entity:
        raise missing("AttachableRef.EntityRef.type")
    co.get(entity, said.get("value"))
    included = str(ref.get("IncludeOnSend", False)).lower() == "true"
    return {"EntityRef": {"type": entity, "value": str(said["value"])}, "IncludeOnSend": included}


def delete(co: Company, given: Obj) -> Obj:
    """`POST /attachable?operation=delete`. Raises Refused 610 and 5010."""
    old = co.store[ENTITY].get(str(given.get("Id", "")))
    if old is None:
        raise Refused("610", DELETED)
    if str(given.get("SyncToken")) != old["SyncToken"]:
        raise stale("root")
    del co.store[ENTITY][old["Id"]]
    co.files.pop(old["Id"], None)
    return {"status": "Deleted", "domain": "QBO", "Id": old["Id"]}


def refers(row: Obj, name: str) -> list[str]:
    """The values of `AttachableRef.EntityRef.Type` or `.Value` of a row, for a query."""
    last = name.rpartition(".")[2].lower()
    return [str(ref["EntityRef"].get(last, "")) for ref in row.get("AttachableRef", [])]
