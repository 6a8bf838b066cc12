"""Runs inside Spirit's own environment: `install FOLDER`, `write FOLDER TOPIC USER TEXT`, `serve FOLDER PORT`.

Everything goes through Spirit's own commands, forms and models. What was written is printed as JSON.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

PASSWORD = "a long password 7"
COMMENTS = 24  # the default is twenty a page


def main(action: str, folder: Path, *rest: str) -> None:
    if action == "install":
        start_project(folder)
    sys.path.insert(0, str(folder))
    os.environ["DJANGO_SETTINGS_MODULE"] = "town.settings.dev"
    if action == "serve":
        manage("runserver", "--noreload", f"127.0.0.1:{rest[0]}")
    elif action == "install":
        manage("spiritinstall", "--verbosity=0")
        install()
    else:
        manage("check")
        write(int(rest[0]), *rest[1:])


def start_project(folder: Path) -> None:
    import spirit

    template = Path(spirit.__file__).parent / "extra" / "project_template"
    command = [sys.executable, "-m", "django", "startproject", f"--template={template}", "town", str(folder)]
    subprocess.run(command, check=True)  # in a process of its own: it settles Django's settings


def manage(*arguments: str) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", *arguments])


def install() -> None:
    from django.contrib.auth import get_user_model
    from spirit.category.models import Category
    from spirit.topic.models import Topic

    people = {
        name: get_user_model().objects.create_user(name, password=PASSWORD) for name in ("Olena", "Shop")
    }
    for person in people.values():
        person.st.is_verified = True
        person.st.save()
    category = Category.objects.create(title="Parcels")
    topic = Topic.objects.create(title="Where is my parcel?", user=people["Olena"], category=category)
    words = [
        comment(topic, people["Olena"], f"Word {number}: **still** waiting") for number in range(COMMENTS)
    ]
    print(json.dumps(words))


def write(topic: int, author: str, text: str) -> None:
    from django.contrib.auth import get_user_model
    from spirit.topic.models import Topic

    person = get_user_model().objects.get(username=author.lower())  # Spirit folds the case of names
    print(json.dumps(comment(Topic.objects.get(pk=topic), person, text)))


def comment(topic, author, text: str) -> dict[str, str]:
    from spirit.comment.forms import CommentForm
    from spirit.comment.utils import comment_posted

    form = CommentForm(user=author, topic=topic, data={"comment": text})
    assert form.is_valid(), form.errors
    saved = form.save()
    comment_posted(comment=saved, mentions=form.mentions)
    return {"id": str(saved.pk), "author": author.st.nickname, "at": saved.date.isoformat(), "text": text}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
