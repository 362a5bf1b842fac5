"""The pages about how one shows that it is oneself: what there is, adding, naming, removing, recovery codes."""

from typing import Any
from uuid import UUID

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.factors import actions, passkeys, qr
from portal.accounts.factors.adapter import FactorAdapter
from portal.accounts.factors.forms import FirstCodeForm, NameForm, PasskeyForm
from portal.accounts.factors.gate import is_held_back
from portal.accounts.factors.queries import factors_of
from portal.accounts.middleware import open_to_waiting
from portal.accounts.recent import note_confirmed, recently_confirmed
from portal.accounts.requests import PersonRequest
from portal.errors import NotFound
from portal.sealing import Unreadable, seal, unseal

NEW_SECRET = "new_app"  # noqa: S105 (where the session keeps it, sealed, until the app has shown its first code)


@require_safe
@open_to_waiting
def security(request: PersonRequest) -> HttpResponse:
    """All my ways to show that it is me."""
    context = {
        "factors": factors_of(request.user),
        "held_back": is_held_back(request.user, request.session),
        "needs_one": request.user.is_staff_member,
        "passkeys_possible": passkeys.are_possible(request),
    }
    return render(request, "portal/accounts/factors/security.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_waiting
@recently_confirmed
@sensitive_post_parameters("code")
def app(request: PersonRequest) -> HttpResponse:
    """Add an authenticator app: a picture to scan, then the first code."""
    if factors_of(request.user).app is not None:
        return redirect("factors:security")
    secret = _secret_to_be(request)
    form = FirstCodeForm(request.POST or None, secret=secret)
    if request.method == "POST" and form.is_valid():
        counter = form.cleaned_data["counter"]
        codes = actions.add_app(request.user, secret=secret, counter=counter, here=_here(request), at=timezone.now())
        del request.session[NEW_SECRET]
        return _added(request, "totp", codes, "Your app is set up.")
    address = FactorAdapter().build_totp_url(request.user, secret)
    context = {
        "form": form,
        "picture": qr.qr_svg(address, label="A picture for your authenticator app to scan"),
        "address": address,
        "parts": [secret[start : start + 4] for start in range(0, len(secret), 4)],
    }
    return render(request, "portal/accounts/factors/app.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_waiting
@recently_confirmed
def passkey(request: PersonRequest) -> HttpResponse:
    """Add a passkey. The browser makes it, see static/js/features/passkey.js."""
    if not passkeys.are_possible(request):
        return redirect("factors:security")
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = actions.add_passkey(request.user, **form.cleaned_data, here=_here(request), at=timezone.now())
        return _added(request, "webauthn", codes, "Your passkey is ready. You can sign in with it from now on.")
    return render(request, "portal/accounts/factors/passkey.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_waiting
@recently_confirmed(deed="Save the name")
def name(request: PersonRequest, factor_id: UUID) -> HttpResponse:
    """Call a passkey something else."""
    found = next((one for one in factors_of(request.user).passkeys if one.id == factor_id), None)
    if found is None:
        raise NotFound
    form = NameForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        actions.rename_passkey(request.user, factor_id, **form.cleaned_data, at=timezone.now())
        messages.success(request, "Saved.")
        return redirect("factors:security")
    return render(request, "portal/accounts/factors/name.html", {"form": form, "factor": found})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_waiting
@recently_confirmed(deed="Remove it")
def removal(request: PersonRequest, factor_id: UUID) -> HttpResponse:
    """Remove a passkey or the app."""
    factors = factors_of(request.user)
    found = next((one for one in factors.main if one.id == factor_id), None)
    if found is None:
        raise NotFound
    if request.method == "POST":
        actions.remove(request.user, factor_id, here=_here(request), at=timezone.now())
        messages.success(request, "It is removed. It does not open your account any more.")
        return redirect("factors:security")
    context = {"factor": found, "is_last": len(factors.main) == 1}
    return render(request, "portal/accounts/factors/removal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_waiting
@recently_confirmed(deed="Make new codes")
def codes(request: PersonRequest) -> HttpResponse:
    """New recovery codes. They are on the page that answers, and nowhere after that."""
    factors = factors_of(request.user)
    if not factors.main:
        return redirect("factors:security")
    if request.method == "POST":
        return _show_codes(request, actions.renew_codes(request.user, at=timezone.now()))
    return render(request, "portal/accounts/factors/new_codes.html", {"factors": factors})


@require_POST
@open_to_waiting
def challenge_to_make(request: PersonRequest) -> HttpResponse:
    """What a browser needs to make a passkey, fetched by the script at the moment of pressing the button."""
    return JsonResponse(passkeys.challenge_to_make(request.user))


@require_POST
@open_to_waiting
def no_thanks(request: PersonRequest) -> HttpResponse:
    """Close the invitation on the home page for good."""
    actions.close_offer(request.user, at=timezone.now())
    return redirect("home")


def _secret_to_be(request: PersonRequest) -> str:
    """The secret the new app will share with us: the same one until its first code came, and never in the clear."""
    try:
        return unseal(request.session[NEW_SECRET])
    except (KeyError, Unreadable):
        secret = generate_totp_secret()
        request.session[NEW_SECRET] = seal(secret)
        return secret


def _here(request: PersonRequest) -> str | None:
    return request.session.session_key


def _added(request: PersonRequest, kind: str, codes: list[str], words: str) -> HttpResponse:
    """Having just used it, the person has shown it in this session."""
    note_confirmed(request, request.user, how="mfa", type=kind, at=timezone.now())
    if codes:
        return _show_codes(request, codes, words=words)
    messages.success(request, words)
    return redirect("factors:security")


def _show_codes(request: PersonRequest, codes: list[str], words: str = "") -> HttpResponse:
    context: dict[str, Any] = {"codes": [f"{code[:5]} {code[5:]}" for code in codes], "words": words}
    return render(request, "portal/accounts/factors/codes.html", context)
