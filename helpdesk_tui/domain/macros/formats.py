"""Dates and amounts of money as people of a language write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from helpdesk_tui.domain.money import Money, digits_of

_LARGEST = 20
"""Digits of the largest amount that is written out: with cents they fit decimal arithmetic."""
_SPACE = " "
"""A plain one: a no-break space would halve what a part of a text message holds."""


@dataclass(frozen=True, slots=True)
class Language:
    """How one language writes dates and amounts."""

    code: str
    date_format: str
    months: tuple[str, ...]
    """As they follow a day: Polish has another case there."""
    months_alone: tuple[str, ...]
    months_short: tuple[str, ...]
    days: tuple[str, ...]
    days_short: tuple[str, ...]
    decimal: str
    group: str
    group_from: int
    """Digits from which thousands are set apart."""
    symbol_first: bool
    symbol_space: bool
    symbols: Mapping[str, str]


_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_EN_MONTHS = _split(
    "January February March April May June July August September October November December"
)
_SV_MONTHS = _split(
    "januari februari mars april maj juni juli augusti september oktober november december"
)
_PT_MONTHS = _split(
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"
)

LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language(
            "en", "D MMM YYYY", _EN_MONTHS, _EN_MONTHS,
            tuple(name[:3] for name in _EN_MONTHS),
            _split("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
            _split("Mon Tue Wed Thu Fri Sat Sun"),
            ".", ",", 4, True, False, _SYMBOLS,
        ),
        Language(
            "pl", "D MMM YYYY",
            _split("stycznia lutego marca kwietnia maja czerwca lipca sierpnia września"
                   " października listopada grudnia"),
            _split("styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień"
                   " październik listopad grudzień"),
            _split("sty lut mar kwi maj cze lip sie wrz paź lis gru"),
            _split("poniedziałek wtorek środa czwartek piątek sobota niedziela"),
            _split("pon. wt. śr. czw. pt. sob. niedz."),
            ",", _SPACE, 5, False, True, {**_SYMBOLS, "PLN": "zł"},
        ),
        Language(
            "sv", "D MMM YYYY", _SV_MONTHS, _SV_MONTHS,
            _split("jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec."),
            _split("måndag tisdag onsdag torsdag fredag lördag söndag"),
            _split("mån tis ons tors fre lör sön"),
            ",", _SPACE, 4, False, True, {**_SYMBOLS, "SEK": "kr", "USD": "US$"},
        ),
        Language(
            "pt_BR", "D [de] MMM [de] YYYY", _PT_MONTHS, _PT_MONTHS,
            tuple(f"{name[:3]}." for name in _PT_MONTHS),
            _split("segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado"
                   " domingo"),
            _split("seg. ter. qua. qui. sex. sáb. dom."),
            ",", ".", 4, True, True, {**_SYMBOLS, "BRL": "R$", "USD": "US$"},
        ),
    )
}  # fmt: skip
"""The languages of the desk; any other one writes as English does."""

_TOKEN = re.compile(r"\[[^\[\]]*\]|dddd|ddd|DD|D|MMMM|MMM|MM|M|YYYY|YY|HH|H|mm|[^A-Za-z\[\]]+")


def language_of(code: str) -> Language:
    """Return the language of a code such as ``pl`` or ``pt-BR``; English for others."""
    plain = code.replace("-", "_")
    if plain in LANGUAGES:
        return LANGUAGES[plain]
    base = plain.partition("_")[0].lower()
    return next((each for name, each in LANGUAGES.items() if name.partition("_")[0] == base),
                LANGUAGES["en"])  # fmt: skip


def is_date_format(text: str) -> bool:
    """Tell whether a date format consists of known parts such as ``dddd D MMM``."""
    return bool(text) and "".join(_TOKEN.findall(text)) == text


def format_date(value: date, form: str, language: Language, zone: tzinfo) -> str:
    """Return a day or a moment as ``form`` says (empty: as the language has it)."""
    if isinstance(value, datetime):
        value = value.astimezone(zone)
    form = form or language.date_format
    has_day = any(token in ("D", "DD") for token in _TOKEN.findall(form))
    return "".join(_part(value, token, language, has_day) for token in _TOKEN.findall(form))


def _part(value: date, token: str, language: Language, has_day: bool) -> str:
    if token.startswith("["):
        return token[1:-1]
    month, weekday = value.month - 1, value.weekday()
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day has no zone
    parts = {
        "D": str(value.day), "DD": f"{value.day:02}",
        "M": str(value.month), "MM": f"{value.month:02}",
        "MMM": language.months_short[month],
        "MMMM": (language.months if has_day else language.months_alone)[month],
        "YY": f"{value.year % 100:02}", "YYYY": f"{value.year:04}",
        "ddd": language.days_short[weekday], "dddd": language.days[weekday],
        "H": str(moment.hour), "HH": f"{moment.hour:02}", "mm": f"{moment.minute:02}",
    }  # fmt: skip
    return parts.get(token, token)


def format_money(money: Money, language: Language) -> str | None:
    """Return an amount as the language writes it; None for one that is no amount."""
    amount = money.amount
    if not amount.is_finite() or amount.adjusted() > _LARGEST:
        return None
    places = Decimal(1).scaleb(-digits_of(money.currency))
    whole, _, cents = f"{abs(amount).quantize(places, ROUND_HALF_UP):f}".partition(".")
    text = _grouped(whole, language) + (f"{language.decimal}{cents}" if cents else "")
    sign = "-" if amount < 0 and text.strip("0.,") else ""
    symbol = language.symbols.get(money.currency, money.currency)
    if not symbol:
        return f"{sign}{text}"
    # a code of letters is set apart everywhere
    space = _SPACE if language.symbol_space or symbol.isalpha() else ""
    return (
        f"{sign}{symbol}{space}{text}" if language.symbol_first else f"{sign}{text}{space}{symbol}"
    )


def _grouped(whole: str, language: Language) -> str:
    if len(whole) < language.group_from:
        return whole
    return f"{int(whole):,}".replace(",", language.group)
