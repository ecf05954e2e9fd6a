"""The words of a snooze in English, Polish, Swedish and Portuguese.

Every language is understood at any time: people mix them, and few words of two of them clash. All
keys are folded (no case, no accents) and at most :data:`LONGEST` words long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from types import MappingProxyType
from typing import TypeVar

from helpdesk_tui.domain.text import fold

MORNING = time(9)
NOON = time(12)
AFTERNOON = time(14)
END_OF_DAY = time(17)
EVENING = time(19)
LONGEST = 4
"""Words of the longest phrase."""

_T = TypeVar("_T")


def _phrases(text: str) -> Iterable[str]:
    """Yield phrases that commas separate, folded."""
    for phrase in text.split(","):
        yield " ".join(fold(phrase).split())


def _table(rows: Mapping[_T, str]) -> Mapping[str, _T]:
    return MappingProxyType(
        {phrase: value for value, text in rows.items() for phrase in _phrases(text)}
    )


def _names(*lines: str) -> Mapping[str, int]:
    """Number names in their order, one line a language; the first three letters are enough."""
    found: dict[str, int] = {}
    for line in lines:
        for number, forms in enumerate(line.split(",")):
            for form in fold(forms).split():
                for end in range(min(3, len(form)), len(form) + 1):
                    found.setdefault(form[:end], number)
    return MappingProxyType(found)


WEEKDAYS = _names(
    "monday, tuesday, wednesday, thursday, friday, saturday, sunday",
    "poniedziałek poniedziałku, wtorek wtorku wt, środa środę środy śr, czwartek czwartku,"
    "piątek piątku pt, sobota sobotę soboty, niedziela niedzielę niedzieli nd",
    "måndag, tisdag, onsdag, torsdag, fredag, lördag, söndag",
    "segunda, terça, quarta, quinta, sexta, sábado, domingo",
)
"""Names of days → number from Monday."""

MONTHS = _names(
    "january, february, march, april, may, june, july, august, september, october, november,"
    "december",
    "styczeń stycznia, luty lutego, marzec marca, kwiecień kwietnia, maj maja, czerwiec czerwca,"
    "lipiec lipca, sierpień sierpnia, wrzesień września, październik października,"
    "listopad listopada, grudzień grudnia",
    "januari, februari, mars, april, maj, juni, juli, augusti, september, oktober, november,"
    "december",
    "janeiro, fevereiro, março, abril, maio, junho, julho, agosto, setembro, outubro, novembro,"
    "dezembro",
)
"""Names of months → number from January, which is 0."""

DAYS = _table({
    0: "today, dziś, dzisiaj, idag, i dag, hoje",
    1: "tomorrow, tmrw, tom, jutro, imorgon, i morgon, imorn, amanhã",
    2: "day after tomorrow, the day after tomorrow, pojutrze, övermorgon, i övermorgon,"
       "depois de amanhã",
})  # fmt: skip
"""Words for a day → how many days from today."""

TIMES = _table({
    MORNING: "morning, rano, morgon, morgonen, bitti, förmiddag, förmiddagen, manhã",
    NOON: "noon, midday, południe, mitt på dagen, lunch, meio dia",
    AFTERNOON: "afternoon, po południu, popołudnie, popołudniu, eftermiddag, eftermiddagen,"
               "i eftermiddag, tarde",
    END_OF_DAY: "eod, end of day, end of the day, koniec dnia, końca dnia, pod koniec dnia,"
                "dagens slut, slutet av dagen, fim do dia, final do dia",
    EVENING: "evening, tonight, wieczór, wieczorem, wieczora, kväll, kvällen, ikväll, i kväll,"
             "noite, esta noite",
})  # fmt: skip
"""Words for a time of day."""

LATER_HALF = frozenset({AFTERNOON, EVENING})
"""Times of day that make ``8`` a quarter of a day later: twenty o'clock."""

UNITS = _table({
    "minute": "m, min, mins, minute, minutes, minuta, minutę, minuty, minut, minuter, minuto,"
              "minutos",
    "hour": "h, hr, hrs, hour, hours, g, godz, godzina, godzinę, godziny, godzin, t, tim, timme,"
            "timmar, hora, horas",
    "day": "d, day, days, dzień, dni, dnia, dag, dagar, dygn, dia, dias",
    "week": "w, wk, wks, week, weeks, tyg, tydzień, tygodnie, tygodni, tygodnia, v, vecka, veckor,"
            "sem, semana, semanas",
    "month": "mo, month, months, mies, miesiąc, miesiące, miesięcy, miesiąca, mån, månad, månader,"
             "mês, meses",
})  # fmt: skip
"""Words for units of time."""

AMOUNTS = _table({
    15: "quarter of an hour, a quarter, kwadrans, en kvart, kvart, um quarto de hora",
    30: "half an hour, half hour, a half hour, pół godziny, en halvtimme, halvtimme,"
        "en halv timme, meia hora",
    90: "an hour and half, półtorej godziny, en och halv timme, hora e meia, uma hora e meia",
})  # fmt: skip
"""Spans that have a name of their own → minutes."""

COUNTS = _table({
    1: "a, an, one, jeden, jedna, jedną, jedno, en, ett, um, uma",
    2: "two, dwa, dwie, två, dois, duas",
    3: "three, trzy, tre, três",
    4: "four, cztery, fyra, quatro",
    5: "five, pięć, fem, cinco",
    6: "six, sześć, sex, seis",
    7: "seven, siedem, sju, sete",
    8: "eight, osiem, åtta, oito",
    9: "nine, dziewięć, nio, nove",
    10: "ten, dziesięć, tio, dez",
    11: "eleven, jedenaście, elva, onze",
    12: "twelve, dwanaście, tolv, doze",
    15: "fifteen, piętnaście, femton, quinze",
    20: "twenty, dwadzieścia, tjugo, vinte",
    30: "thirty, trzydzieści, trettio, trinta",
})  # fmt: skip
"""Numbers that are written out."""

NEXT_WEEK = _table({
    True: "next week, następny tydzień, następnym tygodniu, przyszły tydzień, przyszłym tygodniu,"
          "nästa vecka, próxima semana, semana que vem",
})  # fmt: skip
NEXT_MONTH = _table({
    True: "next month, następny miesiąc, następnym miesiącu, przyszły miesiąc, przyszłym miesiącu,"
          "nästa månad, próximo mês, mês que vem",
})  # fmt: skip
WEEKEND = _table({True: "weekend, helg, helgen, fim de semana"})
END_OF_WEEK = _table({
    True: "eow, end of week, end of the week, koniec tygodnia, końca tygodnia, slutet av veckan,"
          "fim da semana, final da semana",
})  # fmt: skip

SPAN_INTROS = _table({True: "in, for, za, na, om, i, em, daqui, daqui a, dentro de"})
JOINS = _table({True: "and, i, och, e"})
DAY_INTROS = _table({
    True: "on, this, next, the, until, till, w, we, na, do, aż do, następny, następna, następną,"
          "przyszły, przyszła, przyszłą, på, i, den, till, tills, nästa, kommande, em, no, o, a,"
          "até, próxima, próximo",
})  # fmt: skip
TIME_INTROS = _table({
    True: "at, the, in, o, o godz, o godzinie, godz, w, we, kl, klockan, på, t, às, ás, as, a, à,"
          "ao, de, da, até as, até às",
})  # fmt: skip
DAY_MARKERS = _table({True: "the, den, dia, no dia, o dia"})
OF = _table({True: "of, de"})
ORDINALS = _table({True: "st, nd, rd, th, o, a, e, go"})
HOURS = _table({True: "h, hrs, horas, hora, o clock"})
AM_PM = _table({0: "am, a m", 12: "pm, p m"})
WEEKDAY_ENDS = _table({True: "feira"})

UNTIL_REPLY = frozenset(
    _phrases(
        "reply, until reply, until a reply, until they reply, until they answer, until reply comes,"
        "until the customer replies, until customer replies, until he replies, until she replies,"
        "do odpowiedzi, aż odpowie, aż odpowiedzą, aż odpisze, aż odpiszą, aż klient odpowie,"
        "aż klient odpisze, do odpowiedzi klienta,"
        "tills svar, till svar, tills de svarar, tills kunden svarar, tills hon svarar,"
        "tills han svarar, tills någon svarar,"
        "até responder, até responderem, até resposta, até a resposta, até que respondam,"
        "até que responda, até o cliente responder, até ele responder, até ela responder"
    )
)
"""What means that only the customer's next message ends the snooze."""
