"""The YAML files of the package as plain data. PyYAML reads them nine times as fast where it was built with libyaml."""

from typing import Any

import yaml

_LOADER: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def plain_yaml(text: str) -> Any:
    """Lists, mappings with their keys in order, strings, numbers, dates, None. yaml.YAMLError for what is no YAML."""
    return yaml.load(text, _LOADER)  # noqa: S506 - both loaders make plain data only
