"""Sentences for what goes wrong with mail servers, and with signing in to them."""

from __future__ import annotations

from helpdesk_tui.widgets.words.language import Marked

MAIL_SENTENCES: Marked[dict[str, str]] = {
    "imap.busy": "{host} cannot check the login just now: {text}; it is tried again by itself",
    "imap.certificate": "the certificate of {host} is not trusted: {reason}; give its CA with"
    " --ca-file",
    "imap.folder-missing": "the mailbox has no folder {folder}: {text}",
    "imap.glued": "{host} sent plain text behind STARTTLS: somebody may be listening; nothing"
    " was sent",
    "imap.greeting": "{host} did not greet as an IMAP server: {text}",
    "imap.login-refused": "IMAP login refused for {user}: {text}; check the (app) password",
    "imap.lost": "the connection to {host} broke: {reason}; it is tried again by itself",
    "imap.no-starttls": "{host} offers no STARTTLS: {text}; nothing was sent, use implicit TLS",
    "imap.preauth": "{host} skips the login (PREAUTH): refused, nothing was sent",
    "imap.refused": "the mail server refused a command: {text}",
    "imap.text-refused": "a name or password that IMAP cannot carry: {text}",
    "imap.tls": "no secure connection to {host}: {reason}; is the port one for TLS from the first"
    " byte, or for starttls?",
    "imap.unreachable": "{host} cannot be reached: {reason}; check host and port",
    "oauth.bad-answer": "{host} answered what nobody understands: try again later",
    "oauth.bad-tenant": "{tenant} is no Microsoft directory: give its name or id",
    "oauth.broken": "the kept sign-in of {name} is damaged: helpdesk channel sign-in {name}",
    "oauth.denied": "the sign-in was declined at the provider: start again and agree",
    "oauth.expired": "nobody signed in in time: start again",
    "oauth.insecure-address": "{address} is no https address: sign-ins go over TLS only",
    "oauth.no-client": "the app at {provider} is not named: give --client-id",
    "oauth.no-code": "this address holds no code: paste the whole line of the"
    " browser's address bar",
    "oauth.no-refresh": "the provider gave {name} no lasting sign-in: allow offline"
    " access to the app",
    "oauth.no-way": "{provider} names neither a device nor a sign-in page",
    "oauth.not-signed-in": "{name} is not signed in: helpdesk channel sign-in {name}",
    "oauth.not-used": "{name} uses a password: helpdesk channel password {name}",
    "oauth.other-attempt": "this address belongs to another sign-in: use the page shown last",
    "oauth.refused": "{host} refused: {reason}",
    "oauth.sign-in-again": "the sign-in is over ({reason}): helpdesk channel sign-in NAME",
    "oauth.unknown-provider": "{name} is no provider to sign in at: use one of {known}",
    "oauth.unreachable": "{host} was not reached: {reason}",
    "smtp.busy": "the mail server asks to wait: {text} ({status}); it is tried again by itself",
    "smtp.certificate": "the certificate of {host} is not trusted: {reason}; give its CA with"
    " --ca-file",
    "smtp.glued": "{host} sent plain text behind STARTTLS: somebody may be listening; nothing"
    " was sent",
    "smtp.login-refused": "SMTP login refused for {user}: {text}; check the (app) password",
    "smtp.login-wanted": "the mail server wants a login first: {text} ({status})",
    "smtp.lost": "the connection to the mail server broke: {reason}; it is tried again by itself",
    "smtp.lost-in-data": "the connection broke while the mail was on its way: {reason}; look"
    " whether it arrived",
    "smtp.no-login": "{host} offers no login: check host and port",
    "smtp.no-starttls": "{host} offers no STARTTLS: {text}; nothing was sent, use implicit TLS",
    "smtp.refused": "the mail server refused: {text} ({status})",
    "smtp.some-refused": "sent, but not to everybody: {text}",
    "smtp.tls": "no secure connection to {host}: {reason}; is the port one for TLS from the first"
    " byte, or for starttls?",
    "smtp.too-large": "{text}: send it with smaller files, or a link to them",
    "smtp.unreachable": "{host} cannot be reached: {reason}; check host and port",
}
