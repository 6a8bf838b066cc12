"""How many posts a second the matcher reads: ten brands with fifty terms each, 10,000 posts of 300 characters.

    python -m benchmarks.match

Posts are made by seeded code, so two runs read the same ones. One post in ten speaks of a brand.
"""

import random
from time import perf_counter

from monitor.folding import fold
from monitor.matching import BrandTerms, Matcher

POSTS, LENGTH, TERMS = 10_000, 300, 50
SPEAKING_OF_A_BRAND = 0.1
SYLLABLES = {
    "uk": "ва но лі ко за пре ста ді сть ний ого ми під від роз ці я ють ня ція не по ка ло ре ї",
    "ru": "во на ли ко за пре ста де сть ный ого мы под от раз цы я ют ня ция не по ка ло ре э",
    "ro": "te le ca re si in de mă tă ție ul ui lor pe cu la mi nu pri des ță ra sta na",
    "en": "ing the er ly un re tion al ment con de pro in es ed or an ten li st ma ro ver",
}


NAMES = "Новолінь Фармадар Лінелія Варусан Орбікон Технохвиль Маркетіс Комфорія Делівіон Промінвест"


def made_word(
    chance: random.Random, language: str, syllables: tuple[int, ...] = (1, 1, 2, 2, 3, 3, 4)
) -> str:
    return "".join(chance.choices(SYLLABLES[language].split(), k=chance.choice(syllables)))


def made_brand(chance: random.Random, name: str) -> BrandTerms:
    """Fifty terms: single words, names of two words, exact phrases, prefixes and a NEAR; less what a NOT takes away."""
    terms = []
    for index in range(TERMS - 3):
        language = chance.choice(tuple(SYLLABLES))
        first, second = made_word(chance, language, (3, 4)), made_word(chance, language, (2, 3))
        terms.append((first, f"{first} {second}", f'"{first} {second}"', f"{first}*")[index % 4])
    return BrandTerms(
        name, f"({' OR '.join(terms)} OR {name} NEAR/5 доставка) NOT вакансія", exclude=("реклама",)
    )


def made_post(chance: random.Random) -> str:
    language = chance.choice(tuple(SYLLABLES))
    words: list[str] = []
    while sum(map(len, words)) + len(words) < LENGTH:
        words.append(made_word(chance, language) + chance.choice(("", "", "", "", ",", ".", "!")))
    if chance.random() < SPEAKING_OF_A_BRAND:
        words[3] = f"{chance.choice(NAMES.split())} доставку"
    return " ".join(words)[:LENGTH]


def main() -> None:
    chance = random.Random(20261121)
    brands = [made_brand(chance, name) for name in NAMES.split()]
    posts = [made_post(chance) for _ in range(POSTS)]
    started = perf_counter()
    matcher = Matcher(brands)
    print(f"{len(brands)} brands of {TERMS} terms made ready in {perf_counter() - started:.2f} s")
    one = Matcher(brands[:1])
    for name, step in (("fold alone", fold), ("one brand", one.match), ("all brands", matcher.match)):
        started = perf_counter()
        found = sum(bool(step(post)) for post in posts)
        seconds = perf_counter() - started
        print(
            f"{name:>10}: {POSTS / seconds:8,.0f} posts/s, {seconds / POSTS * 1e6:5.1f} µs a post, {found} of {POSTS} kept"
        )


if __name__ == "__main__":
    main()
