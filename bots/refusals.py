"""Why not, in words."""

from bots.markup import escape
from bots.words import Words
from monitor.desk import Refused


def refusal(refused: Refused, words: Words) -> str:
    """One plain sentence for what the core refused; fit for a toast (Telegram allows 200 characters)."""
    values = refused.values
    match refused.code:
        case "taken":
            return words("{name} has claimed case #{case} already.", name=values["by"], case=values["case"])
        case "closed":
            return words("Case #{case} is closed.", case=values["case"])
        case "not_claimed":
            return words("Nobody has claimed case #{case}.", case=values["case"])
        case "no_such_case":
            return words("There is no case #{case}.", case=values["case"])
        case "not_answerable":
            return words("Nobody can answer there. You can only close the case.")
        case "already_sent":
            return words("This answer has left already.")
        case "replaced":
            return words("This draft was cancelled or replaced by a newer one.")
        case "empty":
            return words("An answer needs words.")
        case "only_text":
            return words("Only text can be posted there.")
        case "too_long":
            return words("Too long: at most {limit} characters fit there.", limit=values["limit"])
        case "unfilled":
            return words("These fields have to be filled in first: {fields}.", fields=values["fields"])
        case "window_closed":
            return words("The platform takes no more answers to this post. Post it by hand: here is how.")
        case "being_edited":
            return words("An edit of this answer is on its way: wait for it first.")
        case "no_such_saved":
            return words("This saved answer is no longer in the file.")
        case "not_your_draft":
            return words("{name} is writing this answer.", name=values["by"])
        case _:
            return words("This button is outdated; the card has been refreshed.")


def as_html(refused: Refused, words: Words) -> str:
    return escape(refusal(refused, words))
