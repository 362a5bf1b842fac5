"""Static files under names that carry their content's hash, so that browsers may keep them for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedAssets(CompressedManifestStaticFilesStorage):
    """Hash the imports between our ES modules as well (off by default in Django)."""

    support_js_module_import_aggregation = True
