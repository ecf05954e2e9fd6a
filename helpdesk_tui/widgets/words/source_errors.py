"""Why a source of facts about customers cannot be asked, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.words.language import Marked

NEEDS: Marked[Mapping[str, str]] = {
    "shop": "the shop's own address at Shopify",
    "url": "where your endpoint answers",
    "file": "the file that the shop is kept in",
}
"""What a source cannot be connected without."""

SOURCE_SENTENCES: Marked[Mapping[str, str]] = {
    "claim.others": "{value} belongs to another customer here: link the two if they are one person",
    "claim.missing": "{value} is nothing that this customer has named and not proved",
    "own-data.bad": "{place}: {value} does not fit; 'helpdesk source schema' prints what does",
    "own-data.columns": "the first line has to name columns, email or phone among them; known"
    " are: {known}",
    "own-data.no-json": "this is no JSON object on a line of its own",
    "own-data.nobody": "it names no address and no number whose customer it is",
    "own-data.not-a-table": "{path} is no file in UTF-8: save it as CSV (UTF-8)",
    "own-data.other-customer": "the endpoint told of another customer ({id}) than it was asked for:"
    " it is not believed",
    "provider.paced": "as many were asked for as the provider allows: it is asked again by itself",
    "source.bad-address": "{name}: {value} is not where a key may be sent: give an address with"
    " https",
    "source.bad-name": "{name} is no name of a source: use a-z, 0-9, - and _, and none of the"
    " words that mean something else here",
    "source.bad-setting": "it has no setting {name}: it knows {known}",
    "source.bad-url": "{url} is not where a key may be sent: give an address with https",
    "source.credentials": "the key is refused: make a new one over there and give it with"
    " 'helpdesk source secret {source}'",
    "source.exists": "there is already a source called {name}",
    "source.has-actions": "orders were changed through {name}, which stays in the books: switch it"
    " off with 'helpdesk source disable {name}'",
    "source.missing": "there is no source called {name}: {known}",
    "source.needs": "something is missing: give --set {name}=… ({meaning}, such as {example})",
    "source.needs-yes": "nobody can be asked here: add --yes to remove {name} and all it has said",
    "source.no-key": "no key for it is kept here: helpdesk source secret {name}, or set {variable}",
    "source.not-saved": "{name} was not saved: mend what failed, or save it with --no-test",
    "source.not-imported": "{name} is asked by itself: files are imported into a source of the kind"
    " 'table'",
    "source.refused": "the source refused the question: {text}",
    "source.scope": "the key lacks the right {scope}: make one over there that has it and give it"
    " with 'helpdesk source secret {source}'",
    "source.unknown": "{name} is no source that this program knows",
    "source.version": "the source no longer speaks as this version of the program does"
    " ({version}): update helpdesk-tui",
}
"""Sentences of keys, rights and revisions."""
