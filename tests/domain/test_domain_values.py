"""Our dataclasses are to behave as the library's do: each test is asked of both."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from typing import Any

import pytest

from helpdesk_tui.domain import values
from helpdesk_tui.domain.actor import Actor, ActorKind

Maker = Callable[..., Any]
MAKERS = pytest.mark.parametrize("dataclass", [dataclasses.dataclass, values.dataclass])


def _point(dataclass: Maker) -> Any:
    @dataclass(frozen=True, slots=True)
    class Point:
        x: int
        y: int = 2
        seen: list[int] = field(default_factory=list, compare=False)
        secret: str = field(default="s", repr=False)

    return Point


def _open(dataclass: Maker) -> Any:
    @dataclass
    class Open:
        words: str
        marks: list[str] = field(default_factory=list)

        def __post_init__(self) -> None:
            self.words = self.words.strip()

    return Open


@MAKERS
def test_values_by_place_by_name_and_by_default(dataclass: Maker) -> None:
    point = _point(dataclass)
    for one in (point(1), point(x=1), point(1, y=2), point(1, 2, [], "s"), point(y=2, x=1)):
        assert (one.x, one.y, one.seen, one.secret) == (1, 2, [], "s")
    assert point(1).seen is not point(1).seen


@MAKERS
@pytest.mark.parametrize(
    ("given", "named"),
    [((), {}), ((), {"y": 1}), ((1, 2, [], "s", 5), {}), ((1,), {"x": 1}), ((1,), {"z": 1})],
    ids=["none", "one too few", "one too many", "one twice", "an unknown one"],
)
def test_wrong_values_are_refused(
    dataclass: Maker, given: tuple[Any, ...], named: dict[str, Any]
) -> None:
    with pytest.raises(TypeError):
        _point(dataclass)(*given, **named)


@MAKERS
def test_equality_and_hash_go_by_what_is_compared(dataclass: Maker) -> None:
    point, other = _point(dataclass), _point(dataclass)
    assert point(1, seen=[1]) == point(1, seen=[2])
    assert hash(point(1)) == hash(point(1, seen=[3]))
    assert point(1) != point(2)
    assert point(1) != other(1)
    assert point(1) != (1, 2, "s")
    assert _open(dataclass).__hash__ is None


@MAKERS
def test_what_is_frozen_stays(dataclass: Maker) -> None:
    one = _point(dataclass)(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        one.x = 3
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'x'"):
        del one.x
    assert not hasattr(one, "__dict__")
    free = _open(dataclass)("a")
    free.words = "b"
    assert free.words == "b"


@MAKERS
def test_words_leave_out_what_is_not_shown(dataclass: Maker) -> None:
    said = repr(_point(dataclass)(1))
    assert said.endswith("Point(x=1, y=2, seen=[])")
    ring = _open(dataclass)("a")
    ring.marks.append(ring)
    assert repr(ring).endswith("Open(words='a', marks=[...])")


@MAKERS
def test_the_last_step_is_taken_once_all_values_stand(dataclass: Maker) -> None:
    assert _open(dataclass)(" a ").words == "a"


@MAKERS
def test_methods_of_its_own_are_kept(dataclass: Maker) -> None:
    @dataclass(frozen=True, slots=True)
    class Name:
        text: str

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Name) and other.text.lower() == self.text.lower()

        def __hash__(self) -> int:
            return hash(self.text.lower())

        def __repr__(self) -> str:
            return "somebody"

    assert Name("A") == Name("a")
    assert len({Name("A"), Name("a")}) == 1
    assert repr(Name("A")) == "somebody"


@MAKERS
def test_the_tools_of_the_library_work_on_it(dataclass: Maker) -> None:
    one = _point(dataclass)(1, seen=[7])
    assert [each.name for each in dataclasses.fields(one)] == ["x", "y", "seen", "secret"]
    assert dataclasses.asdict(one) == {"x": 1, "y": 2, "seen": [7], "secret": "s"}
    assert dataclasses.replace(one, x=5) == type(one)(5)
    assert copy.copy(one) == one
    assert copy.deepcopy(one).seen == [7]
    assert type(one).__match_args__ == ("x", "y", "seen", "secret")
    assert dataclasses.is_dataclass(one)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_frozen_value_travels_between_processes(protocol: int) -> None:
    anna = Actor(ActorKind.AGENT, 3, "Anna")
    assert pickle.loads(pickle.dumps(anna, protocol)) == anna
