"""`query`: where, when, with what outcome, is it changing, where are the hot spots, where to organise, what is known."""

from commands.tree import Waiting, group_of

WAITING = {
    "where": Waiting(
        "commands.questions.where:where_command",
        "Counts, rates per 1,000 residents per year, and ranks by area.",
    ),
    "when": Waiting(
        "commands.questions.when:when_command",
        "Recorded incidents by weekday and hour, each one's unknown part of the day shared out over its hours.",
    ),
    "outcomes": Waiting(
        "commands.questions.outcomes:outcomes_command",
        "How recorded incidents ended, by area, setting, year or hour; shares with their 95 % interval.",
    ),
    "trends": Waiting(
        "commands.questions.trends:trends_command",
        "How figures change: by year or month, as rate ratios, change points and a word for each area.",
    ),
    "hotspots": Waiting(
        "commands.questions.hot_spots:hot_spots_command",
        "Smoothed rates and Gi*: which areas stand out from chance together with their neighbours.",
    ),
    "organise": Waiting(
        "commands.questions.organise:organise_command",
        "Which areas need a group or a leafleting day next, why, and how sure that is.",
    ),
    "quality": Waiting(
        "commands.questions.quality:quality_command",
        "What the records can tell: how many there are, what they leave open, and where and when there are no reports.",
    ),
}

app = group_of(WAITING, "Ask the records a question.")
