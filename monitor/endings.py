"""Endings of nouns, names and adjectives: how a word that no dictionary knows is inflected.

Each row: the endings of base forms | the endings of all their forms (~ is none). A point shows where the stem ends, when
not before the whole ending. From school grammars of the four languages, reduced to what folding leaves (no diacritics in Romanian).
Ukrainian and Russian stand together: people mix them, and a name belongs to neither.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Paradigm:
    """The part of a base form that changes, and what it changes to."""

    ending: str
    forms: tuple[str, ...]


_NOUNS = """
а | а и і у ою о ы е ой ам ами ах ~
ч.а ж.а ш.а щ.а | а і у ею е и ей ам ами ах ~
ц.я | я і ю ею е ь ям ями ях
ц.а | а ы і е у ей ою ею ам ами ах ~
я | я і ю ею е и ей ь ям ями ях
ь.я | я и ю ей е ям ями ях
і.я | я ї ю єю є й ям ями ях
і.ї | ї й ям ями ях
и.я | я и ю ей е й ям ями ях
а.я е.я у.я | я и ї ю єю ей є е й ям ями ях
о | о а у ом ові і е ам ами ах ~
ц.е | е я ю ем і ь ям ями ях
ж.е ч.е ш.е щ.е | е а у ем і е ам ами ах ~
л.е р.е н.е | е я ю ем і и ь ям ями ях
н.ня | ня ню нням ням ні нні ь нями ннями нях ннях
т.тя | тя тю ттям ті тті ь тями ттями тях ттях
л.ля | ля лю ллям лі ллі ь ллями ллях
и.е ь.е | е я ю ем и й ям ями ях
ець | ець ця цю цем цеві ці че ців цям цями цях
ец | ец ца цу цом цем це цы цов цев цам цами цах
єць | єць йця йцю йцем йцеві йці йче йців йцям йцями йцях
и.ец е.ец | ец йца йцу йцем йце йцы йцев йцам йцами йцах
ок | ок ка ку ком кові ке чку ки ків ков кам ками ках
ек | ек ка ку ком ке ки ков кам ками ках ека еку еком екові еки еків еков еке екам еками еках
ень | ень ня ню нем неві ні не нів ней ням нями нях
ість | ість ості істю остю остей остям остями остях
ст.ь | ь і ю и ью ей ям ями ях
ь | ь я ю ем еві і е и ью ів ей єм ям ями ях
й | й я ю єм єві ї є ем е и їв ев ям ями ях
и ы | и і ы ~ ів ов ей ам ами ах
і | і и ів ей ам ами ах ям ями ях има
"""
_CONSONANT = "~ а у ові ом ем еві і е и ы ів ов ей ам ами ах"
_ADJECTIVES = """
ий | ий ого ому им ім а ої ій у ою е і их ими о
ій | ій ього ьому ім я ьої ю ьою є і іх іми его ему им ем яя ей юю ее ие их ими
ый ой | ый ой ого ому ым ом ая ую ою ое ые ых ыми
к.ий г.ий х.ий ч.ий ж.ий ш.ий щ.ий | ий ого ому им ім а ої ій у ою е і их ими о ом ая ой ую ою ое ие его ему ем ей ее
н.ий | ий ого ому им ім а ої ій у ою е і их ими о его ему им ем яя ей юю ее ие их ими
"""
_BASE_ADJECTIVE = """
ська | ський
цька | цький
зька | зький
ське | ський
цьке | цький
ські | ський
цькі | цький
ская | ский
цкая | цкий
ское | ский
ские | ский
ая | ый
ое | ый
ые | ый
яя | ий
ее | ий
"""
_LATIN = """
a | a ei e ele elor ii i ile ilor as ы у е ой ою и і а
ia | ia iei ii ie iile iilor ias ию ии ией ію ії ією
ea | ea elei ele elelor eaua elii eas
ca | ca cii ci ce cile cilor cas
ga | ga gii gi ge gile gilor gas
e | e ea ei ii i ile ilor es le lor
are | are arii ari area arile arilor ares
ie | ie ia iei ii iile iilor ies
u | u ul ului i ii ilor lui us
i | i ii ilor lor is ul ului
o | o ul ului os uri urile urilor
y | y ul ului uri ys ies ии
"""
_LATIN_CONSONANT = "~ s ul ului uri urile urilor i ii ilor e ele elor а у ом ові е і и ы ів ов ам ами ах"
_LATIN_HISSING = (
    "~ es ul ului uri urile urilor i ii ilor e ele elor s а у ом ем ові еві е і и ы ів ов ам ами ах"
)


CYRILLIC_VOWELS = "аеєиіїоуюяыэ"
HISSING = ("s", "x", "z", "ch", "sh")


def _paradigms(table: str) -> dict[str, Paradigm]:
    """By the ending of the base form."""
    found: dict[str, Paradigm] = {}
    for line in table.strip().splitlines():
        bases, forms = line.split("|")
        for base in bases.split():
            ending = base.rpartition(".")[2]
            found[base.replace(".", "")] = Paradigm(ending, _endings(forms))
    return found


def _endings(forms: str) -> tuple[str, ...]:
    return tuple(form.strip("~") for form in forms.split())


NOUNS = _paradigms(_NOUNS)
ADJECTIVES = _paradigms(_ADJECTIVES)
LATIN = _paradigms(_LATIN)
CONSONANT = Paradigm("", _endings(_CONSONANT))
LATIN_CONSONANT = Paradigm("", _endings(_LATIN_CONSONANT))
LATIN_HISSING = Paradigm("", _endings(_LATIN_HISSING))
BASE_ADJECTIVE = dict(line.split(" | ") for line in _BASE_ADJECTIVE.strip().splitlines())
"""The ending of a feminine, neuter or plural adjective, and that of its base form."""
