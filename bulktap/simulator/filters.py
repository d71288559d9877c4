"""The conditions that a `$filter` sets, and whether a resource fulfils them; `filter_reading` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar, assert_never

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.simulator.properties import Property

_Ordered = TypeVar("_Ordered", str, datetime)
Literal = str | bool | int | datetime | None
"""What a value can be compared with."""


class Operator(StrEnum):
    """What compares a value with literals; the words are those of the directory's errors."""

    EQUAL = "EqualsMatch"
    NOT_EQUAL = "NotEqualsMatch"
    GREATER = "GreaterThanMatch"
    AT_LEAST = "GreaterThanOrEqualsMatch"
    LESS = "LessThanMatch"
    AT_MOST = "LessThanOrEqualsMatch"
    STARTS = "StartsWithMatch"
    ENDS = "EndsWithMatch"
    CONTAINS = "ContainsMatch"
    IN = "InMatch"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One value against one literal, or several of which any will do."""

    property: Property
    operator: Operator
    literals: tuple[Literal, ...]
    member: str = ""
    """Of an object in a collection, the member that is compared."""

    def holds(self, value: object) -> bool:
        """Tell whether a value fulfils it."""
        if isinstance(value, dict):
            value = value.get(self.member)
        return any(_compared(value, self.operator, literal) for literal in self.literals)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A collection that holds what a condition describes."""

    property: Property
    condition: Condition | None
    """Without one, it must not be empty."""


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary of a condition."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class And:
    """Conditions that must all hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Conditions of which one is enough."""

    parts: tuple[Condition, ...]


Condition = Comparison | AnyOf | Not | And | Or


def holds(condition: Condition, resource: object) -> bool:
    """Tell whether a resource fulfils a condition."""
    return _judged(condition, resource, None)


def exact_values(condition: Condition, names: frozenset[str]) -> list[str] | None:
    """Return what one of these properties must be equal to; None where a resource may fulfil it otherwise."""
    match condition:
        case Comparison(operator=Operator.EQUAL | Operator.IN) if condition.property.name in names:
            return [str(literal) for literal in condition.literals]
        case And():
            return next((found for one in condition.parts if (found := exact_values(one, names)) is not None), None)
        case Or():
            values: list[str] = []
            for one in condition.parts:
                found = exact_values(one, names)
                if found is None:
                    return None
                values += found
            return values
        case _:
            return None


def properties_of(condition: Condition) -> Iterator[Property]:
    """Yield every property that a condition is about."""
    match condition:
        case Comparison() | AnyOf():
            yield condition.property
        case Not():
            yield from properties_of(condition.condition)
        case And() | Or():
            for one in condition.parts:
                yield from properties_of(one)
        case _:
            assert_never(condition)


def _judged(condition: Condition, resource: object, item: object) -> bool:
    match condition:
        case Comparison():
            return condition.holds(condition.property.read(resource) if item is None else item)
        case AnyOf(condition=inner):
            held = condition.property.read(resource)
            items = held if isinstance(held, list) else []
            return any(inner is None or _judged(inner, resource, one) for one in items)
        case Not():
            return not _judged(condition.condition, resource, item)
        case And():
            return all(_judged(one, resource, item) for one in condition.parts)
        case Or():
            return any(_judged(one, resource, item) for one in condition.parts)
        case _:
            assert_never(condition)


def _compared(value: object, operator: Operator, literal: Literal) -> bool:
    if operator is Operator.NOT_EQUAL:
        return not _compared(value, Operator.EQUAL, literal)
    if isinstance(literal, datetime):
        return isinstance(value, str) and _in_order(datetime.fromisoformat(value), operator, literal)
    if isinstance(value, str) and isinstance(literal, str):
        return _texts_compared(value.casefold(), operator, literal.casefold())
    return operator in {Operator.EQUAL, Operator.IN} and value == literal


def _texts_compared(value: str, operator: Operator, literal: str) -> bool:
    match operator:
        case Operator.STARTS:
            return value.startswith(literal)
        case Operator.ENDS:
            return value.endswith(literal)
        case Operator.CONTAINS:
            return literal in value
        case _:
            return _in_order(value, operator, literal)


def _in_order(value: _Ordered, operator: Operator, literal: _Ordered) -> bool:
    less, equal = value < literal, value == literal
    return {
        Operator.GREATER: not less and not equal,
        Operator.AT_LEAST: not less,
        Operator.LESS: less,
        Operator.AT_MOST: less or equal,
    }.get(operator, equal)
