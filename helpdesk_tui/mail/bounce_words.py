"""Words by which mail servers say why a mail did not arrive, by kind; patterns on lower case.

Every gap is bounded and stops at the end of a sentence, so that each pattern stays linear.
"""

from __future__ import annotations

GAP = r"[^.;!?。]{0,50}?"

_OF_ADDRESS = (
    r"\b(?:user|recipient|address|addressee|mailbox|account|alias|mbox|userid|email address)s?\b"
    + GAP
)
_OF_HOST = r"\b(?:host|domain|mx|site|machine|name)s?\b" + GAP

UNKNOWN_ADDRESS = (
    r"(?:no such|unknown|invalid|illegal|non-?existent|bad|no valid|wrong|undeliverable) "
    r"(?:or \w+ )?(?:virtual |local |e-?mail |final |delivery |destination )*"
    r"(?:user|recipient|mailbox|address|person|account|alias|addressee|local[- ]?part|mbox)",
    _OF_ADDRESS + r"\b(?:unknown|not (?:be )?found|not known|not exist|unavailable|not listed"
    r"|not recogni[sz]ed|no longer (?:exists?|valid|available|on server|here)|invalid|not (?:a"
    r" )?valid"
    r"|not local|undeliverable|non-?existent|unrecogni[sz]ed|not available)",
    _OF_ADDRESS
    + r"(?:n't |n’t |nt )(?:exist|recogni[sz]ed|known|valid|listed|found|be found|an? )",
    r"(?:there is|we have|have|has) no (?:such )?(?:user|mailbox|account|one|person)\b",
    r"no (?:mailbox|account|user)s? (?:here|by|with|under|for|of|named|found|currently)\b",
    r"not our customer", r"not a (?:known|local|valid|real|current) (?:user|mailbox|recipient)",
    r"does ?n[o']?t have an? [^\n]{0,60}?account", r"no one (?:here )?by that name",
    r"user not exist", r"recip(?:ient)?notfound", r"badrecipient", r"\b542 <?@>? rejected",
    r"listed in public name", r"recipient address rejected: access denied",
    r"not in (?:my|our|the) (?:list of (?:users|recipients)|directory|database)",
    r"\badresse" + GAP + r"(?:invalide|inconnue?|introuvable|n'existe)",
    r"destinataire" + GAP + r"(?:invalide|inconnu|introuvable|n'existe)", r"utilisateur inconnu",
    r"unbekannte[rns]? (?:empf|benutzer|adress|user)",
    r"(?:empfänger|benutzer|adresse|postfach)" + GAP
    + r"(?:unbekannt|nicht gefunden|existiert nicht)",
    r"(?:usuario|destinatario|direcci[oó]n|buz[oó]n|cuenta)" + GAP
    + r"(?:desconocid|no existe|no encontrad|no válid|inválid)",
    r"(?:utente|destinatario|indirizzo|casella)" + GAP
    + r"(?:sconosciut|inesistente|non (?:trovat|esist))",
    r"(?:usu[aá]rio|destinat[aá]rio|endere[cç]o|conta)" + GAP
    + r"(?:desconhecid|inexistente|n[aã]o existe|n[aã]o (?:foi )?encontrad)",
    r"(?:gebruiker|ontvanger|adres)" + GAP + r"(?:onbekend|bestaat niet|niet gevonden)",
    r"(?:użytkownik|adresat|odbiorc|skrzynk|adres)" + GAP
    + r"(?:nieznan|nie istnieje|nie znalezion)",
    r"(?:пользовател|адрес|получател|ящик)" + GAP + r"(?:не найден|не существует|неизвест)",
    r"(?:宛先|ユーザ|アドレス|ディレクトリ|受信者)[^\n]{0,20}?"
    r"(?:見つかりません|存在しません|ありません|不明)",
    r"(?:用户|收件人|邮箱|帐号|账号|用戶|帳號)[^\n]{0,8}?(?:不存在|未知)",
)  # fmt: skip

EARLY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("virusdetected", (
        r"\bvirus", r"malware", r"infected", r"trojan", r"\bworm\b", r"mcspamsignature",
    )),
    ("authfailure", (
        r"\bdmarc\b", r"\bdkim\b", r"\bspf\b", r"sender policy framework",
        r"authentication checks? failed", r"unauthenticated (?:e-?)?mail", r"domain authentication",
        r"sender-?id\b" + GAP + r"fail",
        r"not (?:allowed|permitted|authori[sz]ed) to send (?:\S+ )?(?:from|on behalf)",
    )),
    ("mailboxfull", (
        r"(?:mail ?box|mail ?folder|inbox|mail ?drop|maildir|account|quota|storage|disk|user"
        r"|recipient)\S{0,2}"
        + GAP + r"\b(?:full|exceed(?:s|ed|ing)?|over ?quota|reached its|maxed)\b",
        r"\bfull (?:mail ?box|inbox)", r"over ?-?quota", r"over (?:\S+ ){0,3}?quota",
        r"not enough (?:disk|storage)", r"insufficient (?:disk|storage|system storage|quota)",
        r"exceed\w* (?:\S+ ){0,4}?(?:quota|storage|mailbox|disk)", r"(?:disk|mailbox) quota",
        r"quota (?:violation|exceeded|full|überschritten|dépass|exceded|error)", r"storage limit",
        r"shutoffquota", r"too many messages in (?:the |this )?mailbox", r"local limit",
        r"out of (?:quota|storage|disk|email space)", r"mailbox" + GAP + r"too large",
        r"mailbox size limit",
        r"(?:postfach|mailbox|speicherplatz)" + GAP + r"(?:voll|erschöpft|überschritten)",
        r"bo[iî]te" + GAP + r"pleine", r"buz[oó]n" + GAP + r"llen[oa]", r"casella" + GAP + r"piena",
        r"caixa" + GAP + r"(?:cheia|lotada)", r"skrzynk" + GAP + r"(?:pełn|przepełn)",
        r"переполнен", r"メールボックス[^。]{0,12}(?:一杯|いっぱい|容量)",
        r"(?:邮箱|郵箱|信箱)[^\n]{0,6}满", r"容量オーバー",
    )),
    ("mesgtoobig", (
        r"\b(?:message|mail|e-?mail|file|data|content)s?\b" + GAP
        + r"(?:too (?:big|large)|larger than|over the maximum|exceed\w*" + GAP
        + r"(?:size|length|limit|max))",
        r"max(?:imum)? (?:message|mail|allowed|file|permitted) ?(?:size|length)", r"maximum size",
        r"size limit", r"(?:message|mail) size\b" + GAP + r"exceed", r"message length exceeds",
        r"nachricht" + GAP + r"zu groß", r"trop volumineu", r"demasiado grande", r"troppo grande",
        r"grande demais", r"za duż",
    )),
    ("norelaying", (
        r"relay(?:ing)?" + GAP
        + r"(?:denied|not (?:allowed|permitted)|prohibited|disallowed|forbidden|refused)",
        r"(?:unable|not allowed|not permitted|cannot|can't|do not|don't|won't|no|refuse\w*"
        r"|insecure) "
        r"(?:to )?(?:mail )?relay",
        r"(?:isn't|not) in my list of allowed", r"\brcpthosts\b", r"not (?:a |an open )?relay\b",
        r"not local[;,] please try", r"not permitted to relay",
        r"must authenticate before sending to",
    )),
    ("hasmoved", (
        r"has (?:been )?(?:moved|replaced) (?:to|by)", r"(?:e-?mail )?address has changed",
        r"is now known as", r"has changed (?:his|her|their|its|the) (?:e-?mail )?address",
    )),
    ("blocked", (
        r"\b\w{0,12}rbl\b", r"dnsbl", r"spamhaus", r"spamcop", r"banned sending ip", r"\baup#",
        r"traffic not accepted",
    )),
    ("rejected", (
        r"\bsender\b" + GAP
        + r"(?:reject|refuse|denied|unknown|invalid|verif|n[o']?t exist|not exist|not allowed"
        r"|not accept|banned|not a valid|wasn't recogni)",
        r"all recipient addresses rejected", r"\bsender verif",
        r"(?:reject\w*|refus\w*|invalid|bad|unknown|illegal) (?:\S+ )?sender",
        r"verification failed for",
        r"return path (?:address )?(?:is |was )?(?:not|invalid|rejected)", r"domain of sender",
        r"purported responsible",
        r"(?:mail|envelope) from (?:address )?(?:is |was )?(?:reject|invalid|not)",
        r"google groups", r"groups\.google", r"not (?:a )?members? of", r"subscribers? only",
        r"are not member", r"must be a member", r"not ml article", r"illegal from",
    )),
    ("filtered", (
        r"cannot route mail to user", r"recipient preferences",
        r"(?:rejected|refused|blocked) by (?:the )?(?:recipient|user)\b(?! domain)",
        r"(?:recipient|user) has blocked", r"not accepting mail from this sender",
    )),
    ("suspend", (
        r"\b(?:account|user|mailbox|subscriber|recipient|domain)\S{0,4}\b" + GAP
        + r"\b(?:disabled|suspended|inactive|deactivated|locked|closed|cancell?ed|terminated"
        r"|discontinued|frozen"
        r"|not active|no longer active)\b",
        r"\b(?:disabled|inactive|suspended|deactivated|locked|frozen) (?:account|user|mailbox"
        r"|recipient)",
        r"account is temporarily limited", r"mail ?address is administrativ",
    )),
)  # fmt: skip
"""Looked for before an unknown address: words that also stand beside address statuses."""

LATE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("filtered", (r"rejected by a remote mail server",)),
    ("notaccept", (
        r"reject all mails", r"no smtp service", r"null ?mx\b",
        r"does not accept (?:any )?(?:e-?mail|mail|messages)", r"not accepting (?:network )?m",
        r"(?:domain|host|server)\b" + GAP
        + r"(?:does ?n[o']?t|never|not) accept(?:s|ing)? (?:any )?(?:mail|e-?mail|messages)",
    )),
    ("requireptr", (
        r"\bptr\b", r"reverse[- ](?:dns|lookup|host|map|record|resol)", r"\brdns\b",
        r"unresolvable (?:relay )?host", r"client host rejected: cannot find",
        r"cannot (?:find|resolve) your",
    )),
    ("toomanyconn", (
        r"too many (?:\w+ ){0,2}(?:connections?|sessions?)", r"connection (?:rate )?limit",
        r"concurrent connection",
    )),
    ("speeding", (
        r"rate[- ]?limit", r"throttl", r"unusual rate", r"more slowly", r"frequency limit",
        r"receiving mail (?:too quickly|at a rate)", r"slow down", r"too fast",
        r"sending (?:too |rate)",
        r"too (?:many|much) (?:\S+ ){0,3}?(?:e-?mails?|messages?|mail|recipients?|requests)\b",
        r"(?:hourly|daily) limit",
    )),
    ("badreputation", (r"reputation", r"senderscore", r"low score")),
    ("blocked", (
        r"black-?list", r"block-?list", r"sorbs\b", r"barracudacentral", r"\bbanned\b",
        r"\b(?:ip|host|server|network|connection|client|isp)\b" + GAP
        + r"\b(?:blocked|black|banned|block list)",
        r"blocked (?:by|using|due|because)", r"(?:my|helo|ehlo|your|host) name was rejected",
        r"helo command rejected", r"(?:invalid|bad) (?:helo|ehlo)",
        r"connection (?:refused|reset|dropped|rejected)", r"e-?mail to yourself",
        r"not allowed to connect", r"client host \S{0,60} ?rejected",
        r"dynamic(?:ally)?[- ](?:ip|assigned|allocated)", r"(?:bad|your) (?:sender )?ip\b",
        r"access denied by", r"\blisted (?:at|in|on|by) ",
    )),
    ("spamdetected", (
        r"\bspam", r"\bube\b", r"\buce\b", r"\bjunk\b", r"unsolicited", r"bulk e?-?mail", r"phish",
        r"suspicious", r"blacklisted url", r"mail rejet", r"message (?:was |has been )?filtered",
        r"\bofr_?50\d\b", r"unerwünscht",
    )),
    ("hostunknown", (
        _OF_HOST + r"\b(?:unknown|not found|not known|not exist|unresolv|invalid|nxdomain"
        r"|could not be (?:found|resolved)|cannot be (?:found|resolved))",
        _OF_HOST + r"(?:n't |n’t |nt )(?:exist|be found|be resolved|found)",
        r"(?:no such|unknown|invalid|illegal|bad|non-?existent) (?:host|domain|site)",
        r"unrouteable", r"unroutable", r"nxdomain",
        r"no (?:valid )?(?:mx|dns|mail exchanger) (?:or \S+ )?records?",
        r"lookups? failed permanently", r"no mx (?:records? )?found", r"no matches to nameserver",
        r"couldn't find any host", r"unable to look ?up host", r"domain is not reachable",
        r"mx records point to non-existent", r"lookup of \S{1,200} failed",
        r"domaine? (?:inconnu|inexist)", r"domain" + GAP + r"(?:misspelled|couldn't be found)",
    )),
    ("systemerror", (
        r"\bldap\b", r"internal (?:system|server|software) error", r"system config error",
    )),
    ("expired", (
        r"timed? ?-?out", r"\bexpired\b", r"too long in (?:the )?queue",
        r"in (?:the )?queue too long", r"failed \d+ attempts", r"aborted after \d",
        r"cannot send message (?:for|within) \d", r"unable to deliver in \d", r"no route to host",
        r"retry time\b", r"network is unreachable", r"host" + GAP + r"(?:not reach|unreachable)",
        r"(?:could not|unable to|failed to) (?:be )?connect", r"unable to contact (?!ldap)",
        r"giving up after", r"maximum (?:retries|time)", r"has been delayed", r"is delayed",
        r"\bdeferred\b", r"still (?:undelivered|trying)", r"zeitüberschreitung", r"undelivered for",
        r"not (?:yet )?been delivered", r"will retry", r"be retried",
    )),
    ("networkerror", (
        r"address family mismatch", r"no valid route", r"all routes", r"mx lookup",
        r"points to local host", r"network (?:error|failure|problem)", r"too many hops",
        r"hop count", r"\bloops?\b(?! alert)", r"mail exchanger", r"could not find a gateway",
        r"dns (?:failure|timeout|server|error)", r"nameserver", r"name service error",
    )),
    ("policyviolation", (
        r"\bpolic(?:y|ies)\b", r"header error", r"prohibit", r"violat",
        r"attachment" + GAP + r"(?:not allowed|blocked|reject|forbid)", r"not allowed by",
        r"\bforbidden\b",
    )),
    ("systemfull", (
        r"no space left",
        r"(?:system|disk|server|spool|partition)\b" + GAP + r"(?:is full|out of space)",
    )),
    ("contenterror", (
        r"8-?bit", r"\bmime\b", r"charset", r"malformed", r"bare (?:lf|cr)\b", r"improper use",
        r"duplicate header", r"missing header",
        r"(?:content|body|message) (?:was |is |has been )?(?:rejected|invalid|malformed)",
        r"not rfc ?\d", r"rfc ?\d{3,4} compliant",
    )),
    ("securityerror", (
        r"authenticat", r"authorization", r"\bsecurity\b", r"\btls\b", r"starttls", r"certificate",
        r"credential", r"access denied", r"permission denied", r"not authori[sz]ed",
        r"unauthori[sz]ed", r"authrequired", r"delivery" + GAP + r"restricted",
    )),
    ("systemerror", (
        r"\b(?:internal|system|server|local|temporary|configuration|database|queue|software)\b"
        + GAP + r"(?:error|fail|problem|fault)",
        r"\bldap\b", r"service (?:is )?(?:currently )?(?:unavailable|not available)", r"loop alert",
        r"duplicated message-id", r"out of memory", r"insufficient system resources",
        r"temporarily unable", r"can(?:not|'t) (?:open|create|lock|fork|exec)",
    )),
    ("mailererror", (
        r"procmail", r"command (?:output|failed|died)", r"mailer (?:error|fail)",
        r"exit (?:code|status)", r"maildrop", r"unknown mailer", r"\bpipe\b", r"couldn't create",
    )),
    ("syntaxerror", (
        r"syntax error", r"command (?:not|un)\s?(?:implemented|recogni[sz]ed|known)",
        r"bad sequence", r"unrecogni[sz]ed command",
    )),
    ("rejected", (
        r"access denied", r"\breject", r"\brefus", r"zurückgewiesen", r"rechazad", r"rifiutat",
        r"odrzucon", r"отклонен",
    )),
)  # fmt: skip

PROGRAM = (
    r"procmail",
    r"command output",
    r"maildrop",
    r"couldn't create",
    r"exit (?:code|status)",
    r"\|ifs=",
    r"command died",
)
"""A program on the receiving side failed: says nothing about the address."""

BY_STATUS: dict[str, str] = {
    "1.0": "userunknown", "1.1": "userunknown", "1.2": "hostunknown", "1.3": "userunknown",
    "1.4": "filtered", "1.6": "hasmoved", "1.7": "rejected", "1.8": "rejected",
    "1.10": "userunknown", "2.0": "filtered", "2.1": "filtered", "2.2": "mailboxfull",
    "2.3": "mesgtoobig", "2.4": "filtered", "3.0": "systemerror", "3.1": "systemfull",
    "3.2": "systemerror", "3.3": "systemerror", "3.4": "mesgtoobig", "3.5": "systemerror",
    "4.0": "networkerror", "4.1": "expired", "4.2": "expired", "4.3": "systemerror",
    "4.4": "hostunknown", "4.5": "networkerror", "4.6": "networkerror", "4.7": "expired",
    "4.8": "networkerror", "5.0": "mailererror", "5.1": "syntaxerror", "5.2": "syntaxerror",
    "5.3": "speeding", "5.4": "syntaxerror", "6.0": "contenterror", "6.1": "contenterror",
    "6.2": "contenterror", "6.3": "contenterror", "6.4": "contenterror", "6.5": "contenterror",
    "6.6": "contenterror", "6.7": "contenterror", "6.9": "contenterror", "7.0": "securityerror",
    "7.1": "securityerror", "7.13": "suspend", "7.20": "authfailure", "7.21": "authfailure",
    "7.22": "authfailure", "7.23": "authfailure", "7.24": "authfailure", "7.25": "requireptr",
    "7.26": "authfailure", "7.27": "notaccept", "7.28": "speeding", "7.509": "authfailure",
}  # fmt: skip
"""Kind by subject and detail of an enhanced status (RFC 3463, 7372, 7505)."""

DEFAULT_STATUS: dict[str, str] = {
    "userunknown": "5.1.1", "hostunknown": "5.1.2", "hasmoved": "5.1.6", "notaccept": "5.1.10",
    "mailboxfull": "5.2.2", "suspend": "5.2.1", "filtered": "5.2.0", "mesgtoobig": "5.3.4",
    "systemfull": "4.3.1", "systemerror": "5.3.0", "expired": "4.4.7", "networkerror": "5.4.0",
    "mailererror": "5.3.0", "syntaxerror": "5.5.1", "contenterror": "5.6.0", "norelaying": "5.7.1",
    "spamdetected": "5.7.1", "virusdetected": "5.7.0", "policyviolation": "5.7.1",
    "blocked": "5.7.1", "authfailure": "5.7.26", "securityerror": "5.7.0", "badreputation": "5.7.1",
    "requireptr": "5.7.25", "speeding": "4.7.28", "toomanyconn": "4.3.2", "rejected": "5.7.1",
}  # fmt: skip
"""Status that stands for a kind where the report gives none."""

BY_CATEGORY: dict[str, str] = {
    "bad-mailbox": "userunknown", "inactive-mailbox": "suspend", "quota-issues": "mailboxfull",
    "bad-domain": "hostunknown", "no-answer-from-host": "expired", "message-expired": "expired",
    "routing-errors": "networkerror", "bad-connection": "networkerror",
    "spam-related": "spamdetected", "virus-related": "virusdetected",
    "content-related": "contenterror", "policy-related": "policyviolation",
    "relaying-issues": "norelaying", "bad-configuration": "systemerror",
    "protocol-errors": "syntaxerror",
}  # fmt: skip
"""Kind by the bounce category that sending servers write into their reports."""
