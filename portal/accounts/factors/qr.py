"""A QR code as one path of an inline SVG: nothing to fetch, nothing for the security policy to allow."""

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4  # modules of white around it, as readers expect


def qr_svg(text: str, *, label: str) -> SafeString:
    """The picture, with words for who does not see it."""
    code = qrcode.QRCode(border=0)
    code.add_data(text)
    code.make(fit=True)
    rows: list[list[bool]] = code.modules
    path = "".join(
        f"M{column + QUIET} {row + QUIET}h1v1h-1z"
        for row, modules in enumerate(rows)
        for column, dark in enumerate(modules)
        if dark
    )
    side = len(rows) + 2 * QUIET
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}"><path d="{2}"/></svg>', side, label, path
    )
