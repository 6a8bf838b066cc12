"""Why not, in words."""

from collections.abc import Mapping
from typing import Any

from bots.markup import escape
from bots.roles import role_name
from bots.words import Words
from monitor.desk import Refused


def refusal(refused: Refused, words: Words) -> str:
    """One plain sentence for what the core refused; fit for a toast (Telegram allows 200 characters)."""
    values: Mapping[str, Any] = refused.values
    match refused.code:
        case "taken":
            return words("{name} has claimed case #{case} already.", name=values["by"], case=values["case"])
        case "closed":
            return words("Case #{case} is closed.", case=values["case"])
        case "asked":
            return words("Is #{case} a complaint? Say Yes or No on its card first.", case=values["case"])
        case "decided":
            return words("Case #{case} has been opened already.", case=values["case"])
        case "said_complaint":
            return words("{name} has said already: a complaint.", name=values["by"])
        case "said_no_complaint":
            return words("{name} has said already: no complaint.", name=values["by"])
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
        case "unknown_message":
            return words(
                "I lost track of this message of mine, so nothing was kept of yours. Answer the newest card of the case."
            )
        case "empty":
            return words("An answer needs words.")
        case "own_answer":
            return words("It is your answer: a colleague has to look at it.")
        case "in_training":
            return words("Somebody with more experience has to look at it.")
        case "needs_lead":
            return words("A lead has to approve this answer.")
        case "needs_approval":
            return words("A colleague has to approve this answer first.")
        case "not_waiting":
            return words("This answer waits for nobody's approval any more.")
        case "no_colleague":
            return words("That colleague can't take cases.")
        case "not_closed":
            return words("Case #{case} is open already.", case=values["case"])
        case "closed_long_ago":
            return words("Closed more than a week ago: it stays closed.")
        case "empty_note":
            return words("A note needs words.")
        case "only_text":
            return words("Only text can be posted there.")
        case "too_long":
            return words("Too long: at most {limit} characters fit there.", limit=values["limit"])
        case "not_whole":
            return words("Too long to be seen whole: at most {limit} characters.", limit=values["limit"])
        case "unfilled":
            return words("These fields have to be filled in first: {fields}.", fields=values["fields"])
        case "window_closed":
            return words("The platform takes no more answers to this post. Post it by hand: here is how.")
        case "no_account":
            return words("We can't post there any more. Post it by hand: here is how.")
        case "being_edited":
            return words("An edit of this answer is on its way: wait for it first.")
        case "no_such_saved":
            return words("This saved answer is no longer in the file.")
        case "not_your_draft":
            return words("{name} is writing this answer.", name=values["by"])
        case "needs_role":
            needed, own = role_name(values["needed"], words), role_name(values["own"], words)
            return words("For that you need the role «{needed}»; yours is «{own}».", needed=needed, own=own)
        case "staff_already":
            return words("You are on the staff already, as «{role}».", role=role_name(values["role"], words))
        case "invitation_over":
            return words("This invitation is used up or too old. Ask whoever sent it for a new one.")
        case "configured":
            return words(
                "{name} stands in the configuration: whoever installed me can remove them there, under staff.people.",
                name=values["name"],
            )
        case "not_on_staff":
            return words("They are not on the staff any more.")
        case "leads_only":
            return words("Only a lead can take a case over.")
        case "answered":
            return words("Case #{case} has been answered.", case=values["case"])
        case "answered_since":
            return words("The author has been answered meanwhile. Read this once more before you send it.")
        case "crisis_over":
            return words("This wave is over already.")
        case "leads_decide":
            return words("Only a lead can decide that.")
        case "form":
            return words("It is written like this: {form}.", form=values["form"])
        case "no_length":
            return words(
                "Nothing is muted: «{said}» is no length of time. Write one at the end, at most a year, such as 12h, 7d or 4w; or forever.",
                said=values["said"],
            )
        case "already_duplicate":
            return words(
                "Case #{case} is a duplicate of #{other} already.", case=values["case"], other=values["of"]
            )
        case "itself":
            return words("Case #{case} can't be a duplicate of itself.", case=values["case"])
        case "answer_on_its_way":
            return words("An answer to #{case} is on its way. Wait until it is there.", case=values["case"])
        case "lead_only":
            return words("Only a lead may do that.")
        case "search_over":
            return words("This search is too old: look for it again.")
        case "not_muted":
            return words("This mute has ended already.")
        case _:
            return words("This button is outdated; the card has been refreshed.")


def as_html(refused: Refused, words: Words) -> str:
    return escape(refusal(refused, words))
