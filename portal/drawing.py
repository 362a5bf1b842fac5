"""How a component becomes HTML: its own template in templates/ui/, with nothing of the page's context in it."""

from django.template.loader import get_template
from django.utils.safestring import SafeString


def draw(name: str, **values: object) -> SafeString:
    """One component's template, with nothing of the page's context in it."""
    return SafeString(get_template(f"ui/{name}.html").render(values).strip())


def html_attributes(attrs: dict[str, object]) -> dict[str, object]:
    """data_opens="x" in a tag becomes data-opens="x" in the page; an empty value leaves it out."""
    return {
        name.replace("_", "-"): value
        for name, value in attrs.items()
        if not (value is None or value is False or value == "")
    }
