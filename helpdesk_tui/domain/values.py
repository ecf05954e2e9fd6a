"""Dataclasses that cost little to define, for what each start of the interface loads.

The library writes six methods of each class as source and compiles them anew whenever the program
starts: of all that happens before the first picture, that took a tenth. Here they are closures that
go by the fields. What is loaded later, or by other processes only, takes the library's own.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, FrozenInstanceError
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from dataclasses import dataclass as dataclass

    Fields = Sequence[dataclasses.Field[Any]]
    Method = Callable[..., Any]
else:

    def dataclass(
        cls: type | None = None, /, *, frozen: bool = False, slots: bool = False
    ) -> Callable[[type], type] | type:
        """Make a dataclass of a class, as the library's decorator of the same name does."""

        def made(plain: type) -> type:
            return _made(plain, is_frozen=frozen, has_slots=slots)

        return made if cls is None else made(cls)


def _made(plain: type, *, is_frozen: bool, has_slots: bool) -> Any:
    own = dict(plain.__dict__)
    # without methods of its own the library has nothing to compile
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=has_slots)(plain)
    fields = dataclasses.fields(made)
    for name, method in _methods(made, fields, is_frozen=is_frozen, has_slots=has_slots).items():
        # a class that says what equals it has a hash of None that nobody wrote
        if own.get(name) is None:
            setattr(made, name, method)
    return made


def _methods(
    made: type, fields: Fields, *, is_frozen: bool, has_slots: bool
) -> Mapping[str, Method | None]:
    values = attrgetter("__class__", *(field.name for field in fields if field.compare))

    def eq(self: object, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    methods: dict[str, Method | None] = {
        "__init__": _init(made, fields),
        "__repr__": _repr([field.name for field in fields if field.repr]),
        "__eq__": eq,
        "__hash__": (lambda self: hash(values(self))) if is_frozen else None,
    }
    if is_frozen:
        methods |= {"__setattr__": _no_setting, "__delattr__": _no_deleting}
    if is_frozen and has_slots:
        methods |= {"__getstate__": _state, "__setstate__": _set_state}
    return methods


def _init(made: type, fields: Fields) -> Method:
    names = tuple(field.name for field in fields)
    known, count, put = frozenset(names), len(names), object.__setattr__
    fixed = {field.name: field.default for field in fields if field.default is not MISSING}
    makers = {
        field.name: field.default_factory
        for field in fields
        if field.default_factory is not MISSING
    }
    finish = getattr(made, "__post_init__", None)

    def by_name(given: Sequence[object], named: dict[str, object]) -> dict[str, object]:
        values: dict[str, object] = dict(zip(names, given, strict=False))
        if len(given) > count or not values.keys().isdisjoint(named):
            raise TypeError(f"{made.__name__}: more values than it has fields")
        values = fixed | values | named
        for name, maker in makers.items():
            if name not in values:
                values[name] = maker()
        if values.keys() != known:
            wrong = ", ".join(sorted(values.keys() ^ known))
            raise TypeError(f"{made.__name__}: missing or unknown: {wrong}")
        return values

    def init(self: object, /, *given: object, **named: object) -> None:
        is_whole = len(given) == count and not named
        each = zip(names, given, strict=True) if is_whole else by_name(given, named).items()
        for name, value in each:
            put(self, name, value)
        if finish is not None:
            finish(self)

    return init


def _repr(names: Sequence[str]) -> Method:
    @recursive_repr()
    def written(self: object) -> str:
        values = (f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({', '.join(values)})"

    return written


def _no_setting(_self: object, name: str, _value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _no_deleting(_self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: Any, state: Sequence[object]) -> None:
    # a copy is filled past the guard that keeps others from changing it
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
