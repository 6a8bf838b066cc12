"""Which kinds of source there are, without knowing any: modules of a package, and entry points of third parties."""

import dataclasses
import pkgutil
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any

from monitor.config import ConfigError, Problem
from monitor.settings import Settings, SourceSettings
from monitor.source import Source, SourceError

ENTRY_POINTS = "vidhuk.sources"


def find_kinds(package: ModuleType) -> dict[str, Any]:
    """Every module of a package without an underscore, and every module that an entry point names."""
    names = [
        module.name for module in pkgutil.iter_modules(package.__path__) if not module.name.startswith("_")
    ]
    ours = {name: import_module(f"{package.__name__}.{name}") for name in names}
    return {point.name: point.load() for point in entry_points(group=ENTRY_POINTS)} | ours


def classes(kinds: Mapping[str, Any]) -> dict[str, type]:
    return {name: module.Source for name, module in kinds.items()}


def build_all(settings: Settings, kinds: Mapping[str, Any], fill_in: Mapping[str, str]) -> dict[str, Source]:
    """Every configured source by name. fill_in: values for keys that a source has and the configuration leaves out."""
    sources, problems = {}, []
    for source in settings.sources:
        try:
            sources[source.name] = build(source, kinds[source.kind], fill_in)
        except (SourceError, ValueError) as error:
            problems.append(Problem("the configuration", f"sources.{source.name}", str(error)))
    if problems:
        raise ConfigError(problems)
    return sources


def build(settings: SourceSettings, kind: Any, fill_in: Mapping[str, str]) -> Source:
    fields = {field.name for field in dataclasses.fields(kind.Source)}
    ours = {key: value for key, value in fill_in.items() if key in fields}
    make: Callable[..., Source] = getattr(kind, "build", kind.Source)
    return make(**(ours | settings.own_keys))
