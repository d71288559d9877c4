"""The text of a `$filter` → the condition that it sets.

It knows `eq`, `ne`, `gt`, `ge`, `lt`, `le`, `in`, `startswith`, `endswith`, `any`, `and`, `or`, `not` and parentheses.
Fifteen values are the most, in one `in` as in a chain of `or`; `ne`, `not` and `endswith` are for advanced queries,
which have no such limit. `contains` and orders that the directory has no index for are refused, as there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, assert_never

from bulktap.simulator import refusals
from bulktap.simulator.filters import And, AnyOf, Comparison, Condition, Literal, Not, Operator, Or
from bulktap.simulator.properties import Edm, Filtering, Property
from bulktap.simulator.refusals import Refused

if TYPE_CHECKING:
    from bulktap.simulator.properties import ResourceType

MOST_VALUES = 15
"""Values that a filter may name in all, unless the query is an advanced one."""
_LONGEST_VALUE = 120
_DEEPEST = 50
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')"
    r"|(?P<moment>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)(?![\w-])"
    r"|(?P<guid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"|(?P<number>-?\d+)(?![\w.])"
    r"|(?P<word>[A-Za-z_]\w*(?:/\w+)*)"
    r"|(?P<mark>[(),:]))",
    re.IGNORECASE,
)
_OPERATORS = {
    "eq": Operator.EQUAL,
    "ne": Operator.NOT_EQUAL,
    "gt": Operator.GREATER,
    "ge": Operator.AT_LEAST,
    "lt": Operator.LESS,
    "le": Operator.AT_MOST,
}
_FUNCTIONS = {"startswith": Operator.STARTS, "endswith": Operator.ENDS, "contains": Operator.CONTAINS}
_WORDS = {"true": True, "false": False, "null": None}
_KINDS = {
    Operator.EQUAL: "Equal",
    Operator.NOT_EQUAL: "NotEqual",
    Operator.GREATER: "GreaterThan",
    Operator.AT_LEAST: "GreaterThanOrEqual",
    Operator.LESS: "LessThan",
    Operator.AT_MOST: "LessThanOrEqual",
}


def read_filter(text: str, of: ResourceType, *, advanced: bool) -> Condition:
    """Read a filter of one kind of resource.

    Args:
        text: what `$filter` says, decoded.
        of: what is filtered.
        advanced: whether the query is an advanced one.

    Raises:
        Refused: it cannot be read, or asks for more than such a query may.
    """
    condition = _Reader(text, of, advanced=advanced).whole()
    count = _alternatives(condition)
    if count > MOST_VALUES and not advanced:
        raise Refused(refusals.too_many_clauses(count, MOST_VALUES))
    return condition


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


class _Reader:
    """Reads one filter from its beginning to its end."""

    def __init__(self, text: str, of: ResourceType, *, advanced: bool) -> None:
        self._text = text
        self._of = of
        self._advanced = advanced
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0
        self._items: dict[str, Property] = {}
        """The collections that `any` is looking into, by the name of its variable."""

    def whole(self) -> Condition:
        """Read all of it."""
        condition = self._either()
        if self._peek().kind != "end":
            raise self._syntax_error()
        return condition

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._took_word("or"):
            parts.append(self._both())
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    def _both(self) -> Condition:
        parts = [self._one()]
        while self._took_word("and"):
            parts.append(self._one())
        return And(tuple(parts)) if len(parts) > 1 else parts[0]

    def _one(self) -> Condition:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Refused(refusals.filter_too_deep())
        try:
            if self._took_word("not"):
                if not self._advanced:
                    raise Refused(refusals.UNSUPPORTED_QUERY)
                return Not(self._one())
            if self._took_mark("("):
                condition = self._either()
                self._expect(")")
                return condition
            return self._comparison()
        finally:
            self._depth -= 1

    def _comparison(self) -> Condition:
        word = self._take("word").text
        if word.lower() in _FUNCTIONS and self._took_mark("("):
            return self._function(_FUNCTIONS[word.lower()])
        if word.lower().endswith("/any") and self._took_mark("("):
            return self._any(word[: -len("/any")])
        found, member = self._property(word)
        operator = self._take("word").text.lower()
        if operator == "in":
            self._expect("(")
            literals = [self._literal()]
            while self._took_mark(","):
                literals.append(self._literal())
            self._expect(")")
            return self._made(found, Operator.IN, tuple(literals), member)
        if operator not in _OPERATORS:
            self._next -= 1
            raise self._syntax_error()
        return self._made(found, _OPERATORS[operator], (self._literal(),), member)

    def _function(self, operator: Operator) -> Condition:
        found, member = self._property(self._take("word").text)
        self._expect(",")
        literal = self._literal()
        self._expect(")")
        if not isinstance(literal, str):
            raise self._syntax_error()
        return self._made(found, operator, (literal,), member)

    def _any(self, name: str) -> Condition:
        collection = self._of.find(name)
        if collection is None:
            raise Refused(refusals.unknown_filtered(name, self._of.edm))
        if not collection.collection:
            raise self._syntax_error()
        self._check(collection)
        if self._took_mark(")"):
            return AnyOf(collection, None)
        variable = self._take("word").text
        self._expect(":")
        self._items[variable] = collection
        condition = self._either()
        del self._items[variable]
        self._expect(")")
        return AnyOf(collection, condition)

    def _property(self, word: str) -> tuple[Property, str]:
        name, _slash, member = word.partition("/")
        if name in self._items:
            return self._items[name], member
        found = self._of.find(name)
        if found is None:
            raise Refused(refusals.unknown_filtered(name, self._of.edm))
        self._check(found)
        if member or found.collection:
            raise Refused(refusals.unfilterable(found.name, self._of.name))
        return found, ""

    def _check(self, found: Property) -> None:
        if found.filtering is Filtering.NONE or (found.filtering is Filtering.ADVANCED and not self._advanced):
            raise Refused(refusals.unfilterable(found.name, self._of.name))

    def _made(self, found: Property, operator: Operator, literals: tuple[Literal, ...], member: str) -> Comparison:
        kind = Edm.STRING if member else found.edm
        comparable = {Edm.STRING: (str,), Edm.BOOLEAN: (bool,), Edm.MOMENT: (datetime,), Edm.OBJECT: ()}[kind]
        for literal in literals:
            if literal is not None and type(literal) not in comparable:
                raise Refused(refusals.incompatible(kind, _edm(literal), _KINDS.get(operator, "Equal")))
            if isinstance(literal, str) and len(literal) > _LONGEST_VALUE:
                raise Refused(refusals.unfilterable(found.name, self._of.name))
        if operator is Operator.ENDS and not (self._advanced and found.ends):
            raise Refused(refusals.UNSUPPORTED_QUERY)
        unordered = kind is not Edm.STRING and kind is not Edm.MOMENT
        if operator in {Operator.AT_LEAST, Operator.AT_MOST} and unordered:
            raise Refused(refusals.unsupported_operator(operator))
        if operator in {Operator.GREATER, Operator.LESS, Operator.CONTAINS}:
            raise Refused(refusals.unsupported_operator(operator))
        if operator is Operator.NOT_EQUAL and not self._advanced:
            raise Refused(refusals.unsupported_operator(operator))
        return Comparison(found, operator, literals, member)

    def _literal(self) -> Literal:
        token = self._peek()
        self._next += 1
        if token.kind == "text":
            return token.text[1:-1].replace("''", "'")
        if token.kind == "guid":
            return token.text
        if token.kind == "number":
            return int(token.text)
        if token.kind == "word" and token.text.lower() in _WORDS:
            return _WORDS[token.text.lower()]
        if token.kind == "moment":
            try:
                moment = datetime.fromisoformat(token.text)
            except ValueError:
                raise self._syntax_error() from None
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        self._next -= 1
        raise self._syntax_error()

    def _peek(self) -> _Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else _Token("end", "", len(self._text))

    def _take(self, kind: str) -> _Token:
        token = self._peek()
        if token.kind != kind:
            raise self._syntax_error()
        self._next += 1
        return token

    def _took_word(self, word: str) -> bool:
        token = self._peek()
        taken = token.kind == "word" and token.text.lower() == word
        self._next += taken
        return taken

    def _took_mark(self, mark: str) -> bool:
        taken = self._peek().text == mark
        self._next += taken
        return taken

    def _expect(self, mark: str) -> None:
        if not self._took_mark(mark):
            raise self._syntax_error()

    def _syntax_error(self) -> Refused:
        return Refused(refusals.filter_syntax(self._text, self._peek().position))


def _alternatives(condition: Condition) -> int:
    """Return how many values of the condition are alternatives to each other."""
    match condition:
        case Comparison():
            return len(condition.literals)
        case AnyOf(condition=inner):
            return 1 if inner is None else _alternatives(inner)
        case Not():
            return _alternatives(condition.condition)
        case And():
            return max(map(_alternatives, condition.parts))
        case Or():
            return sum(map(_alternatives, condition.parts))
        case _:
            assert_never(condition)


def _tokens(text: str) -> list[_Token]:
    tokens, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            begins = position + len(text[position:]) - len(text[position:].lstrip())
            if text[begins] == "'":
                raise Refused(refusals.unterminated(text, len(text)))
            raise Refused(refusals.filter_syntax(text, begins))
        kind = match.lastgroup or ""
        tokens.append(_Token(kind, match[kind], match.start(kind)))
        position = match.end()
    return tokens


def _edm(literal: Literal) -> str:
    match literal:
        case bool():
            return Edm.BOOLEAN
        case int():
            return "Edm.Int32"
        case datetime():
            return Edm.MOMENT
        case _:
            return Edm.STRING
