"""Runs inside FlaskBB's own environment: `install FOLDER`, `write FOLDER TOPIC USER TEXT`, `serve FOLDER PORT`.

Everything goes through FlaskBB's own models. What was written is printed as JSON.
"""

import json
import sys
from pathlib import Path

import sqlalchemy as sa
from flaskbb.app import create_app
from flaskbb.extensions import db
from flaskbb.forum.models import Category, Forum, Post, Topic
from flaskbb.user.models import User
from flaskbb.utils import populate
from werkzeug.serving import run_simple

PASSWORD = "a long password 7"
POSTS = 14  # the default is ten a page


def app_in(folder: Path):
    class Config:
        SECRET_KEY = "only for this test"
        WTF_CSRF_SECRET_KEY = "only for this test"
        SQLALCHEMY_DATABASE_URI = f"sqlite:///{folder / 'flaskbb.sqlite'}"
        MAIL_SUPPRESS_SEND = True
        USE_DEFAULT_LOGGING = False  # it would log into its own installation

    return create_app(Config, instance_path=str(folder))


def install() -> None:
    populate.create_latest_db()
    populate.create_default_groups()
    populate.create_default_settings()
    for name, group in (("Olena", "member"), ("Shop", "member"), ("Root", "admin")):
        populate.create_user(name, PASSWORD, f"{name.lower()}@example.org", group)
    Category(title="Town", position=1).save()
    Forum(title="Parcels", description="What came and what did not", category_id=1).save()
    Forum(title="Empty", description="Nothing yet", category_id=1).save()
    topic = Topic(title="Where is my parcel?")
    topic.save(
        user=user("Olena"), forum=db.session.get(Forum, 1), post=Post(content="Word 0: **nothing** came")
    )
    for number in range(1, POSTS):
        Post(content=f"Word {number}: still waiting").save(user=user("Olena"), topic=topic)
    posts = db.session.execute(sa.select(Post).order_by(Post.id)).scalars()
    print(json.dumps([described(post) for post in posts]))


def write(topic: int, author: str, text: str) -> None:
    post = Post(content=text).save(user=user(author), topic=db.session.get(Topic, topic))
    print(json.dumps(described(post)))


def user(name: str) -> User:
    return db.session.execute(sa.select(User).filter_by(username=name)).scalar_one()


def described(post: Post) -> dict[str, str]:
    return {
        "id": str(post.id),
        "author": post.username,
        "at": post.date_created.isoformat(),
        "text": post.content,
    }


if __name__ == "__main__":
    action, folder, *rest = sys.argv[1:]
    app = app_in(Path(folder))
    if action == "serve":
        run_simple("127.0.0.1", int(rest[0]), app, threaded=True)
    else:
        with app.app_context(), app.test_request_context():
            install() if action == "install" else write(int(rest[0]), *rest[1:])
