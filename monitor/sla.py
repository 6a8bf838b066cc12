"""How soon an author is owed what, by priority and brand; counted in working time (monitor.hours)."""

from datetime import timedelta
from typing import Any

from pydantic import Field, model_validator

from models import Priority
from monitor.keys import Duration, Section


class Times(Section):
    high: Duration | None = None
    normal: Duration | None = None
    low: Duration | None = None

    def of(self, priority: int) -> timedelta | None:
        return {Priority.HIGH: self.high, Priority.NORMAL: self.normal, Priority.LOW: self.low}[
            Priority(priority)
        ]


class BrandSla(Times):
    """high, normal and low by themselves are the first response, as `first` says it in full."""

    first: Times = Times()
    next: Times = Times()
    """After the author wrote again; as the first where it is left out."""
    resolution: Times = Times()
    """Until the case is closed; nothing is promised where it is left out."""

    @model_validator(mode="after")
    def _says_it_once(self) -> Any:
        for name in Times.model_fields:
            if name in self.model_fields_set and getattr(self.first, name) is not None:
                raise ValueError(f"the first response of {name} is there twice: here, and under first")
        return self


class Sla(BrandSla):
    high: Duration = timedelta(hours=1)
    normal: Duration = timedelta(hours=4)
    low: Duration = timedelta(days=1)
    brands: dict[str, BrandSla] = Field(default={})

    def within(self, priority: int, brand: str = "") -> timedelta:
        """Working time until the first response."""
        own = self._own(brand)
        found = own.first.of(priority) or own.of(priority) or self.first.of(priority) or self.of(priority)
        assert found is not None, "every priority has a default"
        return found

    def next_within(self, priority: int, brand: str) -> timedelta:
        """Working time until we answer an author who wrote again."""
        own = self._own(brand).next.of(priority) or self.next.of(priority)
        return own or self.within(priority, brand)

    def resolved_within(self, priority: int, brand: str) -> timedelta | None:
        return self._own(brand).resolution.of(priority) or self.resolution.of(priority)

    def _own(self, brand: str) -> BrandSla:
        return self.brands.get(brand) or BrandSla()
