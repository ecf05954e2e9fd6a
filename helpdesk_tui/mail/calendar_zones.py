"""Time zones of calendar entries: by name, by Windows' own names, or by the rules they carry."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")
_OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})(?:[0-9]{2})?")
_IN_NAME = re.compile(r"\(?(?:UTC|GMT)([+-][0-9]{2}:?[0-9]{2})\b")
_BY_DAY = re.compile(r"([+-]?[1-5])(SU|MO|TU|WE|TH|FR|SA)")
_DAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_HOUR = timedelta(hours=1)
_MAX_OFFSET = 18 * _HOUR
_WINDOWS = """
AUS Central=Australia/Darwin; AUS Eastern=Australia/Sydney; Afghanistan=Asia/Kabul;
Alaskan=America/Anchorage; Aleutian=America/Adak; Altai=Asia/Barnaul; Arab=Asia/Riyadh;
Arabian=Asia/Dubai; Arabic=Asia/Baghdad; Argentina=America/Argentina/Buenos_Aires;
Astrakhan=Europe/Astrakhan; Atlantic=America/Halifax; Aus Central W.=Australia/Eucla;
Azerbaijan=Asia/Baku; Azores=Atlantic/Azores; Bahia=America/Bahia; Bangladesh=Asia/Dhaka;
Belarus=Europe/Minsk; Bougainville=Pacific/Bougainville; Canada Central=America/Regina;
Cape Verde=Atlantic/Cape_Verde; Caucasus=Asia/Yerevan; Cen. Australia=Australia/Adelaide;
Central America=America/Guatemala; Central Asia=Asia/Bishkek; Central Brazilian=America/Cuiaba;
Central Europe=Europe/Budapest; Central European=Europe/Warsaw;
Central Pacific=Pacific/Guadalcanal; Central=America/Chicago;
Central (Mexico)=America/Mexico_City; Chatham Islands=Pacific/Chatham; China=Asia/Shanghai;
Cuba=America/Havana; Dateline=Etc/GMT+12; E. Africa=Africa/Nairobi;
E. Australia=Australia/Brisbane; E. Europe=Europe/Chisinau; E. South America=America/Sao_Paulo;
Easter Island=Pacific/Easter; Eastern=America/New_York; Eastern (Mexico)=America/Cancun;
Egypt=Africa/Cairo; Ekaterinburg=Asia/Yekaterinburg; FLE=Europe/Kyiv; Fiji=Pacific/Fiji;
GMT=Europe/London; GTB=Europe/Bucharest; Georgian=Asia/Tbilisi; Greenland=America/Nuuk;
Greenwich=Atlantic/Reykjavik; Haiti=America/Port-au-Prince; Hawaiian=Pacific/Honolulu;
India=Asia/Kolkata; Iran=Asia/Tehran; Israel=Asia/Jerusalem; Jordan=Asia/Amman;
Kaliningrad=Europe/Kaliningrad; Korea=Asia/Seoul; Libya=Africa/Tripoli;
Line Islands=Pacific/Kiritimati; Lord Howe=Australia/Lord_Howe; Magadan=Asia/Magadan;
Magallanes=America/Punta_Arenas; Marquesas=Pacific/Marquesas; Mauritius=Indian/Mauritius;
Middle East=Asia/Beirut; Montevideo=America/Montevideo; Morocco=Africa/Casablanca;
Mountain=America/Denver; Mountain (Mexico)=America/Mazatlan; Myanmar=Asia/Yangon;
N. Central Asia=Asia/Novosibirsk; Namibia=Africa/Windhoek; Nepal=Asia/Kathmandu;
New Zealand=Pacific/Auckland; Newfoundland=America/St_Johns; Norfolk=Pacific/Norfolk;
North Asia East=Asia/Irkutsk; North Asia=Asia/Krasnoyarsk; North Korea=Asia/Pyongyang;
Omsk=Asia/Omsk; Pacific SA=America/Santiago; Pacific=America/Los_Angeles;
Pacific (Mexico)=America/Tijuana; Pakistan=Asia/Karachi; Paraguay=America/Asuncion;
Qyzylorda=Asia/Qyzylorda; Romance=Europe/Paris; Russia Time Zone 10=Asia/Srednekolymsk;
Russia Time Zone 11=Asia/Kamchatka; Russia Time Zone 3=Europe/Samara; Russian=Europe/Moscow;
SA Eastern=America/Cayenne; SA Pacific=America/Bogota; SA Western=America/La_Paz;
SE Asia=Asia/Bangkok; Saint Pierre=America/Miquelon; Sakhalin=Asia/Sakhalin; Samoa=Pacific/Apia;
Sao Tome=Africa/Sao_Tome; Saratov=Europe/Saratov; Singapore=Asia/Singapore;
South Africa=Africa/Johannesburg; South Sudan=Africa/Juba; Sri Lanka=Asia/Colombo;
Sudan=Africa/Khartoum; Syria=Asia/Damascus; Taipei=Asia/Taipei; Tasmania=Australia/Hobart;
Tocantins=America/Araguaina; Tokyo=Asia/Tokyo; Tomsk=Asia/Tomsk; Tonga=Pacific/Tongatapu;
Transbaikal=Asia/Chita; Turkey=Europe/Istanbul; Turks And Caicos=America/Grand_Turk;
US Eastern=America/Indiana/Indianapolis; US Mountain=America/Phoenix; UTC+12=Etc/GMT-12;
UTC+13=Etc/GMT-13; UTC-02=Etc/GMT+2; UTC-08=Etc/GMT+8; UTC-09=Etc/GMT+9; UTC-11=Etc/GMT+11;
Ulaanbaatar=Asia/Ulaanbaatar; Venezuela=America/Caracas; Vladivostok=Asia/Vladivostok;
Volgograd=Europe/Volgograd; W. Australia=Australia/Perth; W. Central Africa=Africa/Lagos;
W. Europe=Europe/Berlin; W. Mongolia=Asia/Hovd; West Asia=Asia/Tashkent; West Bank=Asia/Hebron;
West Pacific=Pacific/Port_Moresby; Yakutsk=Asia/Yakutsk; Yukon=America/Whitehorse
"""
"""Windows names, most without their "Standard Time", and the zone each stands for in CLDR."""


@dataclass(frozen=True, slots=True)
class Observance:
    """From when on an offset holds: once, or every year on the n-th weekday of a month."""

    onset: datetime
    """Local and without a zone."""
    offset: timedelta
    before: timedelta
    month: int = 0
    week: int = 0
    weekday: int = 0
    until: int = 9999
    """The last year of the rule."""


@cache
def _windows() -> dict[str, str]:
    pairs = [item.strip().partition("=") for item in _WINDOWS.replace("\n", " ").split(";")]
    return {name.lower(): zone for name, _, zone in pairs}


def named_zone(name: str) -> tzinfo | None:
    """Return the zone of a name as calendars write it; None for one nobody else knows."""
    name = name.strip().strip('"')
    if name.upper() in ("UTC", "GMT", "Z", "ETC/UTC"):
        return UTC
    windows = _windows().get(name.lower().removesuffix(" standard time"))
    if windows is not None:
        return _zone(windows)
    pieces = name.strip("/").split("/")
    for count in (3, 2, 1):
        if len(pieces) >= count:
            zone = _zone("/".join(pieces[-count:]))
            if zone is not None:
                return zone
    return None


def offset_in_name(name: str) -> tzinfo | None:
    """Return the offset that stands in a name such as ``(UTC+01:00) Amsterdam``."""
    match = _IN_NAME.search(name[:200])
    offset = None if match is None else parse_offset(match[1])
    return None if offset is None else timezone(offset)


def _zone(key: str) -> tzinfo | None:
    if not _KEY.fullmatch(key):
        return None
    try:
        return ZoneInfo(key)
    except (LookupError, ValueError, OSError):
        return None


def parse_offset(text: str) -> timedelta | None:
    """Return an offset from UTC such as ``+0130``."""
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    if offset > _MAX_OFFSET:
        return None
    return -offset if match[1] == "-" else offset


def observance(
    onset: datetime | None, offset: str, before: str, rule: dict[str, str]
) -> Observance | None:
    """Return what a STANDARD or DAYLIGHT block says; None where it makes no sense."""
    to, since = parse_offset(offset), parse_offset(before)
    if to is None:
        return None
    since = to if since is None else since
    onset = (onset or datetime(1601, 1, 1)).replace(tzinfo=None)  # noqa: DTZ001 - a local time
    by_day = _BY_DAY.fullmatch(rule.get("BYDAY", "").strip().upper())
    month = rule.get("BYMONTH", "")
    if rule.get("FREQ", "").upper() != "YEARLY" or by_day is None or not _is_month(month):
        return Observance(onset, to, since)
    until = rule.get("UNTIL", "")[:4]
    return Observance(
        onset, to, since, int(month), int(by_day[1]), _DAYS[by_day[2]],
        int(until) if until.isascii() and until.isdigit() else 9999,
    )  # fmt: skip


def _is_month(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= 12


def offset_at(local: datetime, observances: Iterable[Observance]) -> tzinfo | None:
    """Return the offset that holds at a local time; None where nothing says so."""
    last: tuple[datetime, timedelta] | None = None
    first: Observance | None = None
    for each in observances:
        if first is None or each.onset < first.onset:
            first = each
        onset = _last_onset(each, local)
        if onset is not None and (last is None or onset >= last[0]):
            last = onset, each.offset
    if last is not None:
        return timezone(last[1])
    return None if first is None else timezone(first.before)


def _last_onset(rule: Observance, local: datetime) -> datetime | None:
    """Return when an observance began for the last time before a moment."""
    if not rule.month:
        return rule.onset if rule.onset <= local else None
    for year in (local.year, local.year - 1):
        year = min(year, rule.until)
        onset = _in_year(rule, year) if 1 <= year <= 9999 else None
        if onset is not None and rule.onset <= onset <= local:
            return onset
    return None


def _in_year(rule: Observance, year: int) -> datetime:
    first, days = calendar.monthrange(year, rule.month)
    day = 1 + (rule.weekday - first) % 7
    if rule.week > 0:
        day += 7 * (rule.week - 1)
        day -= 7 if day > days else 0
    else:
        day += 7 * ((days - day) // 7 + 1 + rule.week)
        day += 7 if day < 1 else 0
    return rule.onset.replace(year=year, month=rule.month, day=day)
