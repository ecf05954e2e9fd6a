"""A line about a change, for the reply to the customer, in the customer's language.

It says only what the source has confirmed. Amounts and dates are written as the language has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date
from types import MappingProxyType
from typing import Any

from helpdesk_tui.domain.commerce.actions import Action, ActionKind, AmountLine
from helpdesk_tui.domain.macros.formats import Language, format_date, format_money, language_of
from helpdesk_tui.domain.money import Money, decimal_of
from helpdesk_tui.domain.text import clean

_Texts = Mapping[str, str]

_EN: _Texts = {
    "order.edit": "I have changed your order {name}.",
    "order.edit.total": "I have changed your order {name}: the new total is {total}.",
    "order.cancel": "I have cancelled your order {name}.",
    "refund": "We are refunding {amount} the way you paid.",
    "to-pay": "{amount} is still to be paid.",
    "subscription.skip": "I have skipped your next delivery of {name}.",
    "subscription.skip.date": "I have skipped the delivery of {name} on {date}.",
    "subscription.unskip": "Your next delivery of {name} is back on.",
    "subscription.unskip.date": "Your delivery of {name} on {date} is back on.",
    "subscription.change": "I have changed your subscription to {name}.",
    "subscription.change.terms": "I have changed your subscription to {name}: {terms}.",
    "subscription.date": "I have moved your next delivery of {name}.",
    "subscription.date.date": "Your next delivery of {name} is now on {date}.",
    "subscription.address": "Your deliveries of {name} now go to the other address.",
    "subscription.cancel": "I have cancelled your subscription to {name}.",
    "subscription.activate": "Your subscription to {name} is active again.",
    "subscription.activate.date":
        "Your subscription to {name} is active again; the next delivery is on {date}.",
    "quantity": "{count} per delivery",
    "every.day.1": "every day", "every.day": "every {count} days",
    "every.week.1": "every week", "every.week": "every {count} weeks",
    "every.month.1": "every month", "every.month": "every {count} months",
}  # fmt: skip
_PL: _Texts = {
    "order.edit": "Zamówienie {name} zostało zmienione.",
    "order.edit.total": "Zamówienie {name} zostało zmienione, nowa kwota to {total}.",
    "order.cancel": "Zamówienie {name} zostało anulowane.",
    "refund": "Zwracamy {amount} w taki sam sposób, w jaki dokonano płatności.",
    "to-pay": "Do zapłaty pozostaje {amount}.",
    "subscription.skip": "Najbliższa dostawa ({name}) została pominięta.",
    "subscription.skip.date": "Dostawa z dnia {date} ({name}) została pominięta.",
    "subscription.unskip": "Najbliższa dostawa ({name}) odbędzie się zgodnie z planem.",
    "subscription.unskip.date": "Dostawa w dniu {date} ({name}) odbędzie się zgodnie z planem.",
    "subscription.change": "Subskrypcja {name} została zmieniona.",
    "subscription.change.terms": "Subskrypcja {name} została zmieniona: {terms}.",
    "subscription.date": "Termin najbliższej dostawy ({name}) został zmieniony.",
    "subscription.date.date": "Najbliższa dostawa ({name}) odbędzie się {date}.",
    "subscription.address": "Dostawy ({name}) będą teraz przychodzić na drugi adres.",
    "subscription.cancel": "Subskrypcja {name} została anulowana.",
    "subscription.activate": "Subskrypcja {name} jest znowu aktywna.",
    "subscription.activate.date":
        "Subskrypcja {name} jest znowu aktywna, najbliższa dostawa odbędzie się {date}.",
    "quantity": "sztuk w dostawie: {count}",
    "every.day.1": "codziennie", "every.day": "co {count} dni",
    "every.week.1": "co tydzień", "every.week": "co {count} tyg.",
    "every.month.1": "co miesiąc", "every.month": "co {count} mies.",
}  # fmt: skip
_SV: _Texts = {
    "order.edit": "Jag har ändrat din beställning {name}.",
    "order.edit.total": "Jag har ändrat din beställning {name}: den nya summan är {total}.",
    "order.cancel": "Jag har avbrutit din beställning {name}.",
    "refund": "Vi betalar tillbaka {amount} på samma sätt som du betalade.",
    "to-pay": "{amount} återstår att betala.",
    "subscription.skip": "Jag har hoppat över din nästa leverans av {name}.",
    "subscription.skip.date": "Jag har hoppat över leveransen av {name} den {date}.",
    "subscription.unskip": "Din nästa leverans av {name} kommer som vanligt.",
    "subscription.unskip.date": "Din leverans av {name} den {date} kommer som vanligt.",
    "subscription.change": "Jag har ändrat din prenumeration på {name}.",
    "subscription.change.terms": "Jag har ändrat din prenumeration på {name}: {terms}.",
    "subscription.date": "Jag har flyttat din nästa leverans av {name}.",
    "subscription.date.date": "Din nästa leverans av {name} kommer nu den {date}.",
    "subscription.address": "Dina leveranser av {name} går nu till den andra adressen.",
    "subscription.cancel": "Jag har avslutat din prenumeration på {name}.",
    "subscription.activate": "Din prenumeration på {name} är aktiv igen.",
    "subscription.activate.date":
        "Din prenumeration på {name} är aktiv igen; nästa leverans kommer den {date}.",
    "quantity": "{count} st. per leverans",
    "every.day.1": "varje dag", "every.day": "var {count}:e dag",
    "every.week.1": "varje vecka", "every.week": "med {count} veckors mellanrum",
    "every.month.1": "varje månad", "every.month": "med {count} månaders mellanrum",
}  # fmt: skip
_PT: _Texts = {
    "order.edit": "Alterei o seu pedido {name}.",
    "order.edit.total": "Alterei o seu pedido {name}: o novo total é {total}.",
    "order.cancel": "Cancelei o seu pedido {name}.",
    "refund": "Vamos reembolsar {amount} pela mesma forma de pagamento.",
    "to-pay": "Falta pagar {amount}.",
    "subscription.skip": "Pulei a sua próxima entrega de {name}.",
    "subscription.skip.date": "Pulei a entrega de {name} do dia {date}.",
    "subscription.unskip": "A sua próxima entrega de {name} está mantida.",
    "subscription.unskip.date": "A entrega de {name} do dia {date} está mantida.",
    "subscription.change": "Alterei a sua assinatura de {name}.",
    "subscription.change.terms": "Alterei a sua assinatura de {name}: {terms}.",
    "subscription.date": "Mudei a data da sua próxima entrega de {name}.",
    "subscription.date.date": "A sua próxima entrega de {name} agora será no dia {date}.",
    "subscription.address": "As suas entregas de {name} agora vão para o outro endereço.",
    "subscription.cancel": "Cancelei a sua assinatura de {name}.",
    "subscription.activate": "A sua assinatura de {name} está ativa de novo.",
    "subscription.activate.date":
        "A sua assinatura de {name} está ativa de novo; a próxima entrega será no dia {date}.",
    "quantity": "{count} por entrega",
    "every.day.1": "todos os dias", "every.day": "a cada {count} dias",
    "every.week.1": "toda semana", "every.week": "a cada {count} semanas",
    "every.month.1": "todo mês", "every.month": "a cada {count} meses",
}  # fmt: skip

TEXTS: Mapping[str, _Texts] = MappingProxyType({"en": _EN, "pl": _PL, "sv": _SV, "pt_BR": _PT})
"""The sentences by language; each language has all of them."""
_DATES = {"en": "D MMMM", "pl": "D MMMM", "sv": "D MMMM", "pt_BR": "D [de] MMMM"}
_FILLED_BY = {
    ActionKind.ORDER_EDIT: ("total",),
    ActionKind.SUBSCRIPTION_SKIP: ("date",),
    ActionKind.SUBSCRIPTION_UNSKIP: ("date",),
    ActionKind.SUBSCRIPTION_CHANGE: ("terms",),
    ActionKind.SUBSCRIPTION_DATE: ("date",),
    ActionKind.SUBSCRIPTION_ACTIVATE: ("date",),
}


def reply_line(
    action: Action, language: str, amounts: tuple[AmountLine, ...] = (), *, refunds: bool = True
) -> str:
    """Return what a reply may say of a change that was made.

    Args:
        action: The change.
        language: Of the customer, such as ``pl``; English for one that has no texts.
        amounts: What was shown before the yes, for what the source did not repeat.
        refunds: Whether money goes back the way it came.
    """
    how = language_of(language)
    texts = TEXTS[how.code]
    kind = action.request.kind
    values = {"name": clean(action.request.name), **_values(action, amounts, how)}
    known = next((one for one in _FILLED_BY.get(kind, ()) if values.get(one)), "")
    line = texts[f"{kind}.{known}" if known else str(kind)].format(**values)
    return " ".join([line, *_money(action, amounts, how, refunds=refunds)])


def _money(
    action: Action, amounts: tuple[AmountLine, ...], how: Language, *, refunds: bool
) -> list[str]:
    """Return what is said of money that goes back, or is still to come."""
    kind = action.request.kind
    # an edit that makes an order cheaper leaves money owed: it is not on its way by itself
    names = {ActionKind.ORDER_EDIT: ("to-pay",), ActionKind.ORDER_CANCEL: ("refund",)}.get(kind, ())
    found = []
    for name in names if refunds else ():
        said = _amount(action.result, amounts, name, action.request.expected, how)
        if said:
            found.append(TEXTS[how.code][name].format(amount=said))
    return found


def _values(action: Action, amounts: tuple[AmountLine, ...], how: Language) -> dict[str, str]:
    request, result = action.request, action.result
    total = _amount(result, amounts, "total-after", request.expected, how, also="new_total")
    if request.kind in (ActionKind.SUBSCRIPTION_SKIP, ActionKind.SUBSCRIPTION_UNSKIP):
        # the delivery that was meant, not the one that comes after it
        day = _first(request.expected.get("date"))
    else:
        asked, told = request.arguments.get("date"), result.get("date")
        day = _first(asked, told, result.get("next_date"))
    return {
        "total": total,
        "date": _date(day, how),
        "terms": _terms(request.arguments, how),
    }


def _first(*values: object) -> str:
    return next((str(one) for one in values if one), "")


def _amount(
    result: Mapping[str, Any],
    amounts: tuple[AmountLine, ...],
    name: str,
    expected: Mapping[str, Any],
    how: Language,
    *,
    also: str = "",
) -> str:
    """Return an amount in words: as the source has said it, else as it was shown before."""
    shown = next((one for one in amounts if one.name == name), None)
    written = result.get(also or name) if (also or name) in result else None
    amount = decimal_of(written if written is not None else shown.amount if shown else None)
    currency = shown.currency if shown else str(result.get("currency") or expected.get("currency"))
    if amount is None or (not amount and name in ("refund", "to-pay")):
        return ""
    return format_money(Money(abs(amount), currency), how) or ""


def _date(text: str, how: Language) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return format_date(day, _DATES[how.code], how, UTC)


def _terms(arguments: Mapping[str, Any], how: Language) -> str:
    texts, found = TEXTS[how.code], []
    if "quantity" in arguments:
        found.append(texts["quantity"].format(count=arguments["quantity"]))
    unit, every = arguments.get("unit"), arguments.get("every")
    if unit in ("day", "week", "month") and isinstance(every, int):
        name = f"every.{unit}.1" if every == 1 else f"every.{unit}"
        found.append(texts[name].format(count=every))
    return ", ".join(found)
