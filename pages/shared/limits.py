"""What the data cannot show, said wherever figures are."""

LIMITS = (
    "A recorded incident is one that somebody reported and these records got to know of. A place without incidents is a place "
    "without reports, not a place without raids.",
    "Boroughs with an active group or a local paper are recorded more. Recorded incidents must not be used to rank boroughs "
    "by how often they are raided.",
    "Official figures are visits by Immigration Enforcement in London's postal districts (E, EC, N, NW, SE, SW, W, WC). Large "
    "parts of outer London, Croydon, Bromley or Kingston among them, are outside; there the map is hatched, not zero.",
    "Official figures end where the last answer to a Freedom of Information request ends, come by calendar year, and "
    "say nothing of how a visit ended.",
    "A small number is written as “<5” in the official answers and counts as 1 to 4 here. Nothing between is invented.",
    "Borough figures of official visits are estimates: the answers come by postcode district, and a district that lies in "
    "several boroughs is shared out by addresses.",
    "Rates divide by residents (Census 2021). Raids often meet people at work, so rates say little about the City and the "
    "West End, where few live and many work.",
    "Stand-offs that worked are reported more often than visits where nothing happened; home raids are nearly absent from "
    "public reports. Shares of outcomes describe the reports.",
    "Everything here is past. It says nothing about where a raid will be next.",
)
# The most important ones, for the home page.
FEW_LIMITS = (LIMITS[0], LIMITS[2], LIMITS[8])
