"""``completion``: the scripts of the shells, and the words they ask for.

All three ask ``helpdesk completion --words …``, so that a new option needs no new script; what lies
in the store is read by one short query, and nothing is written.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

from helpdesk_tui.cli.completing import Source, next_words
from helpdesk_tui.cli.context import agent_name, only_agent, store_root
from helpdesk_tui.domain.errors import HelpdeskError, UsageError
from helpdesk_tui.domain.text import clean

BASH = """# helpdesk completion for bash: eval "$(helpdesk completion bash)"
_helpdesk() {
    local IFS=$'\\n' word="${COMP_WORDS[COMP_CWORD]}"
    COMPREPLY=($(compgen -W "$(helpdesk completion --words "${COMP_WORDS[@]:1:COMP_CWORD}" \\
        2>/dev/null)" -- "$word"))
    COMPREPLY=("${COMPREPLY[@]// /\\\\ }")
}
complete -o default -F _helpdesk helpdesk
"""
ZSH = """#compdef helpdesk
# helpdesk completion for zsh: eval "$(helpdesk completion zsh)", after compinit
_helpdesk() {
    local -a found
    found=("${(@f)$(helpdesk completion --words "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ -n "$found" ]]; then
        compadd -- "${found[@]}"
    else
        _files
    fi
}
compdef _helpdesk helpdesk
"""
FISH = """# helpdesk completion for fish: helpdesk completion fish | source
function __helpdesk_words
    set -l line (commandline -opc) (commandline -ct)
    helpdesk completion --words $line[2..-1] 2>/dev/null
end
complete -c helpdesk -a '(__helpdesk_words)'
"""
SCRIPTS: Mapping[str, str] = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def run(args: argparse.Namespace) -> int:
    """Print the script of a shell, or the words that may come next."""
    if args.words is None:
        if not args.shell:
            raise UsageError("argument.missing", name="SHELL")
        print(SCRIPTS[args.shell], end="")
        return 0
    from helpdesk_tui.cli.parser import build_parser

    # the last word is being typed: it names nobody yet
    _take_over(args, args.words[:-1])
    for word in next_words(build_parser(), args.words, lambda source: _ask(args, source)):
        print(clean(word))
    return 0


def _take_over(args: argparse.Namespace, words: Sequence[str]) -> None:
    """Look into the store that is named on the line, as who is named there."""
    for word, following in zip(words, (*words[1:], ""), strict=False):
        name, is_joined, value = word.partition("=")
        if name in ("--store", "--agent"):
            setattr(args, name.removeprefix("--"), value if is_joined else following)


def _ask(args: argparse.Namespace, source: Source) -> list[str]:
    from helpdesk_tui.services.desk import open_desk

    try:
        root = store_root(args)
        desk = open_desk(root, agent=agent_name(args) or only_agent(root), read_only=True)
    except HelpdeskError:
        # without a store there is nothing to offer, and nobody to tell
        return []
    try:
        return list(source(desk))
    except HelpdeskError:
        return []
    finally:
        desk.close()
