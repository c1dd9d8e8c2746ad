"""Words for yes and no, as people and spreadsheets of several languages write them.

A spreadsheet writes a truth value in the language in which it runs: WAHR, VRAI, VERDADERO.
"""

from __future__ import annotations

_YES = """
    yes true y
    ja wahr oui vrai sí si sì verdadero vero sim verdadeiro waar sant sand sann tak prawda
"""
_NO = """
    no false n
    nein falsch non faux falso não nao nee onwaar nej falskt falsk nei usann nie fałsz
"""
YES_OR_NO = {**dict.fromkeys(_YES.split(), True), **dict.fromkeys(_NO.split(), False)}
