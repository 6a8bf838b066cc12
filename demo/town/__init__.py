"""A small invented town's web: a forum, a shop's review pages and a blog, in which a brand lives through a week."""

from demo.town.board import Answer, Refused
from demo.town.site import Town
from demo.town.week import Expectation, Post, Week, load_week

__all__ = ["Answer", "Expectation", "Post", "Refused", "Town", "Week", "load_week"]
