"""Emoji by name: what Unicode calls them, and the short names that people type."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_RANGES = ((0x2300, 0x2BFF), (0x1F300, 0x1F64F), (0x1F680, 0x1FAFF))
_VARIANT = "\ufe0f"
_SHORT = {
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "smile": "😄", "grin": "😁",
    "joy": "😂", "lol": "😂", "wink": "😉", "blush": "😊", "sad": "😢", "cry": "😢", "sob": "😭",
    "angry": "😠", "heart": f"❤{_VARIANT}", "heart_eyes": "😍", "kiss": "😘", "thinking": "🤔",
    "think": "🤔", "shrug": "🤷", "facepalm": "🤦", "wave": "👋", "hello": "👋", "hi": "👋",
    "bye": "👋", "clap": "👏", "pray": "🙏", "please": "🙏", "thanks": "🙏", "thank_you": "🙏",
    "ok": "👌", "ok_hand": "👌", "muscle": "💪", "strong": "💪", "eyes": "👀", "look": "👀",
    "fire": "🔥", "hot": "🔥", "tada": "🎉", "party": "🥳", "hooray": "🎉", "congrats": "🎉",
    "rocket": "🚀", "star": "⭐", "sparkles": "✨", "check": "✅", "done": "✅", "yes": "✅",
    "x": "❌", "no": "❌", "warning": f"⚠{_VARIANT}", "info": f"ℹ{_VARIANT}", "question": "❓",
    "exclamation": "❗", "bulb": "💡", "idea": "💡", "mail": "📧", "email": "📧",
    "envelope": f"✉{_VARIANT}", "phone": "📞", "package": "📦", "parcel": "📦", "box": "📦",
    "truck": "🚚", "shipping": "🚚", "delivery": "🚚", "gift": "🎁", "present": "🎁",
    "money": "💰", "refund": "💸", "card": "💳", "cart": "🛒", "shop": "🏪",
    "label": f"🏷{_VARIANT}",
    "calendar": "📅", "clock": "🕒", "hourglass": "⏳", "wait": "⏳", "lock": "🔒", "key": "🔑",
    "link": "🔗", "paperclip": "📎", "file": "📎", "photo": "📷", "camera": "📷", "search": "🔍",
    "bug": "🐛", "sun": f"☀{_VARIANT}", "snow": f"❄{_VARIANT}", "rain": f"🌧{_VARIANT}",
    "coffee": "☕", "cake": "🎂", "birthday": "🎂", "beer": "🍺", "dog": "🐕", "cat": "🐈",
    "100": "💯", "point_right": "👉", "point_left": "👈", "point_up": "👆", "point_down": "👇",
    "handshake": "🤝", "deal": "🤝", "hug": "🤗", "sweat_smile": "😅", "sorry": "🙇", "sleep": "😴",
    "sick": "🤒", "cool": "😎", "scream": "😱", "rofl": "🤣", "upside_down": "🙃",
}  # fmt: skip
_MOST = 30


class Emoji:
    """Finds emoji by the beginning of a word of their names; the names are read once."""

    def __init__(self) -> None:
        self._known: tuple[tuple[str, str], ...] = ()

    @property
    def all(self) -> tuple[tuple[str, str], ...]:
        """Return (name, emoji): short names first."""
        if not self._known:
            self._known = (*_SHORT.items(), *_named())
        return self._known

    def find(self, typed: str, limit: int = _MOST) -> tuple[tuple[str, str], ...]:
        """Return (name, emoji) of what fits: names that begin so first, then words within them."""
        word = typed.lower()
        begin = [each for each in self.all if each[0].startswith(word)]
        within = [each for each in self.all if f"_{word}" in each[0]]
        found: dict[str, str] = {}
        for name, sign in (*begin, *within):
            if sign not in found:
                found[sign] = name
            if len(found) >= limit:
                break
        return tuple((name, sign) for sign, name in found.items())


def _named() -> Iterator[tuple[str, str]]:
    """Yield every emoji that a terminal draws as one: two cells wide without a variant mark."""
    for first, last in _RANGES:
        for point in range(first, last + 1):
            char = chr(point)
            is_emoji = unicodedata.category(char) == "So" and unicodedata.east_asian_width(
                char
            ) in ("W", "F")
            if is_emoji:
                name = unicodedata.name(char).lower()
                yield name.replace(" ", "_").replace("-", "_"), char
