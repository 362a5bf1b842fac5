"""The kit's tags for buttons and forms. Templates get them with the others, by {% load ui %}."""

from django import template
from django.forms import BoundField, Form
from django.template import Context
from django.utils.safestring import SafeString

from portal.drawing import draw, html_attributes

register = template.Library()


@register.simple_tag
def button(
    label: str,
    kind: str = "primary",
    type: str = "submit",
    name: str = "",
    value: object = "",
    icon: str = "",
    **attrs: object,
) -> SafeString:
    """A button. Any other keyword becomes an attribute: data_opens="help"."""
    own = html_attributes({"type": type, "name": name, "value": value, **attrs})
    return draw("button", label=label, kind=kind, icon=icon, attrs=own)


@register.simple_tag
def link_button(label: str, url: str, kind: str = "primary", icon: str = "", **attrs: object) -> SafeString:
    """A link that looks like a button."""
    return draw("button", label=label, kind=kind, icon=icon, url=url, attrs=html_attributes(attrs))


@register.simple_block_tag(takes_context=True)
def post_form(
    context: Context,
    content: str,
    url: str = "",
    label: str = "",
    files: bool = False,
    inline: bool = False,
    search: bool = False,
    **attrs: object,
) -> SafeString:
    """A form that changes something. Our own words answer mistakes, not the browser's bubbles."""
    return draw(
        "post_form",
        content=content,
        url=url,
        label=label,
        files=files,
        inline=inline,
        search=search,
        attrs=html_attributes(attrs),
        csrf_token=context.get("csrf_token"),
    )


@register.simple_tag
def field(bound: BoundField, optional: bool | None = None) -> SafeString:
    """Label, hint, control and error of one form field."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "") or "text"
    group = bound.use_fieldset
    if optional is None:
        optional = not bound.field.required and kind != "checkbox"
    control = bound.as_widget(attrs={"placeholder": False})  # what a label says stays when typing begins
    return draw("field", field=bound, control=control, kind=kind, group=group, optional=optional)


@register.simple_tag
def error_summary(form: Form) -> SafeString:
    """What is to be put right, as links to the fields; nothing when all is well."""
    if not form.errors:
        return SafeString("")
    wrong = [(_target(bound), bound.label, bound.errors) for bound in form if bound.errors]
    return draw("error_summary", general=form.non_field_errors(), wrong=wrong)


def _target(bound: BoundField) -> str:
    """The id that a link to the field lands on: for a group of choices, its first one."""
    return bound.id_for_label or f"{bound.auto_id}_0"
