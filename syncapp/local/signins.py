"""The demonstration's door: sign in as anybody of the seeded firm with one press. In demo mode only."""

from __future__ import annotations

from itertools import groupby

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.models import Membership, User

TOLD = {
    "ash-birch": "A year of work by twelve timekeepers, posted and tied. Card payments wait for a deposit.",
    "whitfield-rowe": (
        "A year of client money in two trust accounts, signed month by month. "
        "This morning several things are stuck, and the bookkeeper clears them."
    ),
}


@require_http_methods(["GET", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """List the people of the seeded firms; a press signs in as one of them."""
    if settings.MODE != "demo":
        raise Http404
    if request.method == "POST":
        user = get_object_or_404(User, pk=request.POST.get("user") or 0)
        login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return redirect("/")
    members = Membership.objects.select_related("user", "firm").order_by("firm__name", "firm_id", "id")
    vendors = {"clio": settings.CLIO_BASE_URL, "qbo": settings.QBO_API_BASE_URL}
    firms = [
        (firm, TOLD.get(firm.slug, ""), list(some))
        for firm, some in groupby(members, key=lambda member: member.firm)
    ]
    return render(request, "demo/door.html", {"firms": firms, "vendors": vendors})


urlpatterns = [path("demo/", door, name="demo")]
