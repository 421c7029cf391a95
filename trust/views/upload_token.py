"""A program brings a statement in: `curl -H "Authorization: Bearer TOKEN" -F file=@september.qbo ADDRESS`.

The token names firm and trust account. The answer is the proof of import, as `manage.py statement --json`
gives it: 201 taken, 200 here before, 401 no such token, 411 and 413 by its length, 422 refused with the
reason, 429 too many within the hour.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.tenancy import firm_scope
from trust import answers
from trust.actions import arriving
from trust.actions.arriving import Stop, Via
from trust.statement_forms import FileForm, ToldForm
from trust.statements.content import LARGEST

if TYPE_CHECKING:
    from trust.models import UploadToken

BEARER = "bearer "
ROUND_IT = 64 * 1024  # what a form puts around the file, in bytes
NO_FILE = "Send the bank's file as the form field “file”: curl -F file=@september.qbo"
NO_LENGTH = "Say how long the file is (Content-Length)."
TOO_LONG = f"A statement has less than {LARGEST // (1024 * 1024)} MB."


@csrf_exempt
@require_POST
def arrive(request: HttpRequest) -> JsonResponse:
    """Take one statement of the trust account that the token is for."""
    let_in = _let_in(request)
    if isinstance(let_in, Stop):
        return _refuse(let_in.status, let_in.words, wait=let_in.wait)
    told, file = ToldForm(request.POST), FileForm(request.POST, request.FILES)
    if not file.is_valid():
        return _refuse(HTTPStatus.UNPROCESSABLE_ENTITY, NO_FILE)
    if not told.is_valid():
        wrong = next(f"{field}: {words[0]}" for field, words in told.errors.items())
        return _refuse(HTTPStatus.UNPROCESSABLE_ENTITY, wrong)
    upload = file.cleaned_data["file"]
    done = arriving.deliver(
        pair=let_in.pair,
        name=upload.name,
        content=upload.read(),
        via=Via(token=let_in),
        told=told.told(),
        digits=told.cleaned_data["digits"],
        now=timezone.now(),
    )
    if done.statement is None or done.read is None:
        return _refuse(HTTPStatus.UNPROCESSABLE_ENTITY, done.arrival.words)
    again = done.arrival.state == "known"
    with firm_scope(write=None, reads=[let_in.firm_id]):
        value = answers.imported(done.statement, done.read, reader=done.reader, again=again)
    return JsonResponse(value, status=HTTPStatus.OK if again else HTTPStatus.CREATED)


def _let_in(request: HttpRequest) -> UploadToken | Stop:
    """Look at the head of the request alone; its body is not read before this says so."""
    said = request.headers.get("Authorization", "")
    secret = said[len(BEARER) :].strip() if said.casefold().startswith(BEARER) else ""
    firm_id = arriving.firm_of(secret)
    if firm_id is None:
        return Stop(status=HTTPStatus.UNAUTHORIZED, words=arriving.UNKNOWN)
    length = request.headers.get("Content-Length", "")
    if not (length.isascii() and length.isdigit()):
        return Stop(status=HTTPStatus.LENGTH_REQUIRED, words=NO_LENGTH)
    if int(length) > LARGEST + ROUND_IT:
        return Stop(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words=TOO_LONG)
    with firm_scope(write=firm_id):
        return arriving.admit(firm_id=firm_id, secret=secret, now=timezone.now())


def _refuse(status: int, words: str, *, wait: int = 0) -> JsonResponse:
    headers: dict[str, Any] = {"Retry-After": str(wait)} if wait else {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JsonResponse({"error": words}, status=status, headers=headers)
