"""How mail programs introduce quoted mail ("On Monday, Ana wrote:"), by language.

Everything is lower case; words of one cell are parted by ``|``. Adding a language is adding a row.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple


class Introduction(NamedTuple):
    """The words of one language around the date and the name of a quoted mail."""

    starts: str
    """First words of such a line."""
    last: str
    """What stands at its end, before the colon."""
    middle: str = ""
    """What stands between the date and the name, in either order."""


INTRODUCTIONS = MappingProxyType({
    "en": Introduction("on|at|in", "wrote|writes|has written|wrote the following"),
    "de": Introduction(
        "am|um|vom", "schrieb|schrieb folgendes|hat geschrieben|schreibt",
        "schrieb|hat geschrieben|schreibt|geschrieben von",
    ),
    "fr": Introduction(
        "le|en date du", "a écrit|a ecrit|écrit|ecrit|écrivait|a envoyé", "a écrit|a ecrit|écrit",
    ),
    "es": Introduction("el|en", "escribió|escribio|escribe|ha escrito|envió", "escribió"),
    "it": Introduction("il|in|lo", "ha scritto|scrive|scriveva|scritto", "ha scritto"),
    "pt": Introduction("em|no|na|a|às", "escreveu|escrevia|enviou", "escreveu"),
    "ca": Introduction(
        "el|missatge", "va escriure|ha escrit|escrigué", "missatge de|va escriure|ha escrit",
    ),
    "gl": Introduction("en", "escribiu"),
    "eu": Introduction("", "idatzi du|idatzi zuen|hau idatzi du"),
    "nl": Introduction(
        "op", "schreef|geschreven|het volgende geschreven|schreef het volgende",
        "schreef|heeft geschreven",
    ),
    "af": Introduction("op", "geskryf", "het geskryf"),
    "pl": Introduction(
        "w|dnia|data|wiadomość", "pisze|napisał|napisała|napisał(a)|napisał/a|napisali",
        "napisana przez|napisał|napisała|napisał(a)",
    ),
    "sv": Introduction("den|på|vid", "skrev|skrev följande|har skrivit", "skrev"),
    "da": Introduction("den|på", "skrev|skrev følgende|har skrevet", "skrev"),
    "no": Introduction("den|på|kl", "skrev|skrev følgende|skreiv", "skrev|skreiv"),
    "is": Introduction("þann|hinn", "skrifaði", "skrifaði"),
    "fi": Introduction("", "kirjoitti|kirjoitti seuraavaa", "kirjoitti"),
    "et": Introduction("kuupäev", "kirjutas", "kirjutas"),
    "lv": Introduction("", "rakstīja", "rakstīja"),
    "lt": Introduction("", "rašė|parašė", "rašė"),
    "cs": Introduction("dne|v", "napsal|napsala|napsal(a)|píše|napsal/a", "napsal"),
    "sk": Introduction("dňa|dna|v", "napísal|napísala|napísal(a)|píše|napísal/a", "napísal"),
    "sl": Introduction("dne|v", "napisal|napisala|je napisal(a)|piše", ""),
    "hr": Introduction(
        "dana|u", "napisao|napisala|je napisao|je napisala|napisao je|napisala je|napisao/la|"
        "je napisao/la|je napisao(la)|piše",
    ),
    "sr": Introduction("дана|у", "је написао|је написала|написао је|написао/ла је|пише"),
    "hu": Introduction("", "írta|ezt írta|a következőt írta|írta a következőt", "ezt írta|írta"),
    "ro": Introduction("pe|în|in|la", "a scris|scrie|a scris următoarele", "a scris"),
    "ru": Introduction(
        "в|от", "написал|написала|написал(а)|написал/а|пишет|писал|писал(а)|вы писали", "пишет",
    ),
    "uk": Introduction("у|в|від", "пише|написав|написала|написав(ла)|написав(-ла)", "пише"),
    "bg": Introduction("на", "написа|пише|написал"),
    "el": Introduction("στις|την", "έγραψε|γράψε|έγραψε τα εξής", "έγραψε"),
    "tr": Introduction("", "yazdı|şunu yazdı|şunları yazdı|yazmış", "şunları yazdı|yazdı"),
    "he": Introduction("בתאריך|ב|ביום|מאת", "כתב|כתבה|כתב/ה|כתבו", "כתב/ה|כתב"),
    "ar": Introduction("في|بتاريخ", "كتب|كتبت|كتب/كتبت", "كتب|كتبت|كتب/كتبت|بواسطة"),
    "fa": Introduction("در", "نوشت|نوشته است"),
    "hi": Introduction("", "ने लिखा|लिखा"),
    "th": Introduction("เมื่อ|ในวันที่|วันที่|ใน", "เขียนว่า|เขียน|ได้เขียนว่า"),
    "vi": Introduction("vào|ngày|lúc", "đã viết|viết"),
    "id": Introduction("pada", "menulis"),
})  # fmt: skip

UNSPACED_LAST = (
    "写道", "寫道", "写到", "提到", "のメール", "書きました", "は書きました", "님이 작성", "작성",
    "쓴 글",
    "wrote",
)  # fmt: skip
"""Such ends in scripts that part no words; also an English one glued to an address."""

UNSPACED_STARTS = ("在", "於", "于", "ב-", "‫ב")
"""Such beginnings in scripts that part no words."""

WEEKDAYS = MappingProxyType({
    "en": "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|tues|wed|thu|thur|"
          "thurs|fri|sat|sun",
    "de": "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|"
          "sa|so",
    "fr": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim",
    "es": "lunes|martes|miércoles|jueves|viernes|sábado|domingo|mié|jue|vie|sáb|dom",
    "it": "lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|gio|sab",
    "pt": "segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira|seg|ter|qua|qui|sex",
    "nl": "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|ma|wo|vr|za|zo",
    "pl": "poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela|pon|wt|śr|czw|pt|sob|niedz|"
          "ndz|nd|pn|cz|so",
    "sv": "måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag|mån|tis|ons|tors|tor|fre|lör|sön",
    "da": "mandag|tirsdag|lørdag|søndag|man|tir|lør|søn",
    "fi": "maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai|ti|ke|to|pe|la|su",
    "cs": "pondělí|úterý|středa|čtvrtek|pátek|neděle|po|út|st|čt|pá|ne",
    "sk": "pondelok|utorok|streda|štvrtok|piatok|nedeľa|ut|št|pi",
    "hu": "hétfő|kedd|szerda|csütörtök|péntek|szombat|vasárnap",
    "ro": "luni|marți|miercuri|joi|vineri|sâmbătă|duminică|mie|joi|vin|sâm|dum",
    "hr": "ponedjeljak|utorak|srijeda|četvrtak|petak|subota|nedjelja|uto|sri|čet|pet|sub|ned",
    "ru": "понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс",
    "uk": "понеділок|вівторок|середа|четвер|п'ятниця|субота|неділя|нд",
    "el": "δευτέρα|τρίτη|τετάρτη|πέμπτη|παρασκευή|σάββατο|κυριακή|δευ|τρί|τετ|πέμ|παρ|σάβ|κυρ",
    "tr": "pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar|pzt|sal|çar|per|cum|cmt|paz",
    "ca": "dilluns|dimarts|dimecres|dijous|divendres|dissabte|diumenge|dl|dt|dc|dj|dv|ds|dg",
    "id": "senin|selasa|rabu|kamis|jumat|sabtu|minggu|sen|sel|rab|kam|jum|min",
    "hi": "सोम|मंगल|बुध|गुरु|शुक्र|शनि|रवि",
})  # fmt: skip
"""Names of days with which an introduction may begin, full and short."""


def words_of(cells: tuple[str, ...]) -> frozenset[str]:
    """Return all the words of several cells of a table."""
    return frozenset(word for cell in cells for word in cell.split("|") if word)
