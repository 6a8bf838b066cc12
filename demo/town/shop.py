"""«Полиця», the town's review pages: branches and products, with schema.org marks and stars."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from statistics import mean
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from demo.town import pages
from demo.town.places import Reviewed
from demo.town.week import Post, Week

PAGE_SIZE = 10
STARS = (5, 4, 3, 2, 1)
SCHEMA_TYPE = {"branch": "HardwareStore", "product": "Product"}


@dataclass(frozen=True)
class Rating:
    """How the visitors rate something, by the reviews that are there by now."""

    average: float
    count: int
    by_stars: dict[int, int]
    """How many reviews of a hundred give so many stars."""


@dataclass(frozen=True)
class Shop:
    week: Week
    now: Callable[[], datetime]

    def routes(self) -> list[Route]:
        return [
            Route("/", self.index),
            Route("/{key}", self.reviews),
            Route("/{key}/{number:int}", self.permalink, name="permalink"),
        ]

    def index(self, request: Request) -> Response:
        shelf = [(reviewed, rating(self._said(reviewed))) for reviewed in self.week.reviewed]
        changed = [self.week.time_of(post) for r in self.week.reviewed for post in self._said(r)]
        html = pages.render("shop/index.html", shelf=shelf)
        return pages.public(request, html, max(changed, default=self.week.start))

    def reviews(self, request: Request) -> Response:
        """Newest reviews first, ten a page."""
        reviewed = self._reviewed(request.path_params["key"])
        posts = self._said(reviewed)[::-1]
        number, count = pages.page_number(request, len(posts), PAGE_SIZE)
        shown = posts[(number - 1) * PAGE_SIZE :][:PAGE_SIZE]
        values: dict[str, Any] = {
            "reviewed": reviewed,
            "rating": rating(posts),
            "number": number,
            "pages": count,
        }
        values |= {"week": self.week, "posts": shown, "marks": self._marks(request, reviewed, posts, shown)}
        changed = self.week.time_of(posts[0]) if posts else self.week.start
        return pages.public(request, pages.render("shop/reviews.html", **values), changed)

    def permalink(self, request: Request) -> Response:
        """A review moves down as others come: its address stays and leads to the page where it is now."""
        reviewed = self._reviewed(request.path_params["key"])
        number = request.path_params["number"]
        numbers = [self.week.numbers[post.key] for post in self._said(reviewed)[::-1]]
        if number not in numbers:
            raise HTTPException(404)
        page = numbers.index(number) // PAGE_SIZE + 1
        return RedirectResponse(f"/shop/{reviewed.key}?page={page}#r{number}", 302)

    def _reviewed(self, key: str) -> Reviewed:
        found = next((reviewed for reviewed in self.week.reviewed if reviewed.key == key), None)
        if not found:
            raise HTTPException(404)
        return found

    def _said(self, reviewed: Reviewed) -> list[Post]:
        return self.week.said(f"shop/{reviewed.key}", self.now())

    def _marks(
        self, request: Request, reviewed: Reviewed, posts: list[Post], shown: list[Post]
    ) -> dict[str, Any]:
        """The page's JSON-LD (schema.org: Review, AggregateRating)."""
        here = f"{str(request.base_url).rstrip('/')}/shop/{reviewed.key}"
        marks = {
            "@context": "https://schema.org",
            "@type": SCHEMA_TYPE[reviewed.kind],
            "@id": here,
            "url": here,
            "name": reviewed.name,
            "description": reviewed.about,
            "review": [self._mark(here, post) for post in shown],
        }
        summary = rating(posts)
        if not summary:
            return marks
        scale = {"bestRating": 5, "worstRating": 1}
        numbers = {"ratingValue": summary.average, "reviewCount": summary.count}
        return {**marks, "aggregateRating": {"@type": "AggregateRating", **numbers, **scale}}

    def _mark(self, here: str, post: Post) -> dict[str, Any]:
        stars = {"@type": "Rating", "ratingValue": post.rating, "bestRating": 5, "worstRating": 1}
        return {
            "@type": "Review",
            "@id": f"{here}/{self.week.numbers[post.key]}",
            "url": f"{here}/{self.week.numbers[post.key]}",
            "author": {"@type": "Person", "name": post.author},
            "datePublished": pages.stamp(self.week.time_of(post)),
            **({"name": post.title} if post.title else {}),
            "reviewBody": post.text,
            **({"reviewRating": stars} if post.rating else {}),
        }


def rating(posts: list[Post]) -> Rating | None:
    """None while nobody has given stars."""
    stars = [post.rating for post in posts if post.rating]
    if not stars:
        return None
    counted = Counter(stars)
    shares = {number: round(100 * counted[number] / len(stars)) for number in STARS}
    return Rating(round(mean(stars), 1), len(stars), shares)
