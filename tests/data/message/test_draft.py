"""Pasted messages of many kinds, read by hand first: what each says, and nothing that it does not."""

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.message.draft import MessageDraft, read_message
from data.places.named import place_of
from data.schema import OUTCOMES, SETTINGS, YES_NO_UNKNOWN
from tests.conftest import examples

TODAY = date(2022, 6, 16)  # a Thursday
SE15, LAMBETH = "SE15 (Southwark)", "Lambeth"
TAKEN, RELEASED, PREVENTED, NONE_TAKEN = OUTCOMES[:4]


def day(number: int, month: int = 6, year: int = 2022) -> date:
    return date(year, month, number)


def at(first: int, last: int | None = None) -> dict:
    return {"hour_from": first, "hour_to": first if last is None else last}


# Text, and every field that a careful reader finds in it; all others must stay empty.
MESSAGES = [
    # Chats.
    (
        "[14/06/2022, 07:43:12] Dee: Immigration at the nail bar by SE15 4QL, they took two people at 7am",
        {"day": day(14), **at(7), "place_text": "SE15 4 (Southwark)", "setting": "workplace", "outcome": TAKEN, "people_detained": 2},
    ),
    (
        "14/06/2022, 07:43 - Lee: Home Office van in Peckham right now. Police with them",
        {"day": day(14), "place_text": SE15, "police_present": "yes"},
    ),
    (
        "6/14/22, 7:43 AM - Hackney Joe: they raided a restaurant, nobody was taken",
        {"day": day(14), "setting": "workplace", "outcome": NONE_TAKEN, "people_detained": 0},
    ),
    (
        "Sam K, [14.06.2022 18:05]\nraid on the takeaway in Brixton yesterday evening, 3 arrested",
        {"day": day(13), **at(18, 23), "place_text": LAMBETH, "setting": "workplace", "outcome": TAKEN, "people_detained": 3},
    ),
    (
        "[10/06/2022, 09:00] Ann: immigration raid at a car wash N17\n[14/06/2022, 10:00] Bo: any news?",
        {"place_text": "N17 (Haringey)", "setting": "workplace"},
    ),
    (
        "[09:12, 14/06/2022] hi all, vans outside the barbers in Deptford this morning",
        {"day": day(14), "place_text": "Lewisham", **at(6, 11), "setting": "workplace"},
    ),
    # Feeds.
    (
        "Raid happening in #Peckham. Crowd of 200 blocking the van!\n7:43 AM · Jun 14, 2022 · Twitter for iPhone",
        {"day": day(14), "place_text": SE15, "crowd_size": 200, "community_response": "yes"},
    ),
    (
        "🚨🚨 RAID ALERT 🚨🚨 Immigration enforcement on #KentishTown road now, people needed!! 3:02 PM · May 5, 2022",
        {"day": day(5, 5)},
    ),
    (
        "BREAKING: neighbours in #HerneHill resisted a raid and officers left empty handed ✊🏽 14 Jun 2022",
        {"day": day(14), "place_text": LAMBETH, "outcome": PREVENTED, "people_detained": 0, "community_response": "yes"},
    ),
    ("RT @someone: solidarity with everyone resisting raids https://example.org/SE15", {}),
    # Days.
    ("They came yesterday morning", {"day": day(15), **at(6, 11)}),
    ("It was on Tuesday around 6am in Tooting", {"day": day(14), **at(5, 6), "place_text": "SW17 (Wandsworth)"}),
    ("Raid on Thursday in E8", {"place_text": "E8"}),
    ("Raid last Friday in Lewisham, no arrests", {"day": day(10), "place_text": "Lewisham", "outcome": NONE_TAKEN, "people_detained": 0}),
    ("Raid last Tuesday in Lewisham", {"place_text": "Lewisham"}),
    ("14 June, Walthamstow, two men arrested", {"day": day(14), "place_text": "E17 (Waltham Forest)", "outcome": TAKEN, "people_detained": 2}),
    ("Tuesday 14th June 2022: stop and checks", {"day": day(14)}),
    ("Wednesday 14th June 2022: stop and checks", {}),
    ("14/6/22 raid, kebab shop, SE17", {"day": day(14), "place_text": "SE17 (Southwark)", "setting": "workplace"}),
    ("On 3 December they raided the shop", {"setting": "workplace"}),
    ("On 20 June they raided the shop", {"setting": "workplace"}),
    ("2022-06-20 raid at a warehouse", {"setting": "workplace"}),
    ("It was on 1 March 2021 or 2 March 2021, not sure", {}),
    ("Three days ago in Camden", {"day": day(13), "place_text": "Camden"}),
    ("Last night in Camden", {"place_text": "Camden"}),
    ("The other day, early morning, in Camden", {"place_text": "Camden", **at(4, 8)}),
    ("Every Tuesday they check people at the bus stop in Ilford", {"place_text": "IG1 (Redbridge)", "setting": "transport"}),
    # Times.
    ("Today half seven in the morning, Southall", {"day": day(16), **at(7), "place_text": "Ealing"}),
    ("Today at half seven", {"day": day(16)}),
    ("quarter to six this morning at a flat in SW2", {"day": day(16), **at(5), "place_text": "SW2 (Lambeth)", "setting": "home"}),
    ("6-8am today", {"day": day(16), **at(6, 7)}),
    ("between 5 and 6pm today", {"day": day(16), **at(17)}),
    ("from 6am until 10am today", {"day": day(16), **at(6)}),
    ("this afternoon around 3", {"day": day(16), **at(14, 15)}),
    ("0630hrs today", {"day": day(16), **at(6)}),
    ("They arrived at 6.30am and left at 9am today", {"day": day(16), **at(6)}),
    ("Seen at 6am, or 9am? today. One says 6am and one says 9am", {"day": day(16)}),
    ("Good morning all, raid in Tottenham today at noon", {"day": day(16), **at(12), "place_text": "N17 (Haringey)"}),
    ("raid in Tottenham N15, two vans", {"place_text": "N15"}),
    ("dawn raid in Harlesden today", {"day": day(16), **at(3, 8), "place_text": "NW10 (Brent)"}),
    # Numbers.
    ("took two people", {"outcome": TAKEN, "people_detained": 2}),
    ("3 ppl arrested", {"outcome": TAKEN, "people_detained": 3}),
    ("nobody taken", {"outcome": NONE_TAKEN, "people_detained": 0}),
    ("about 200 people, fifty neighbours on the pavement", {"crowd_size": 200, "community_response": "yes"}),
    ("crowd of 80+ blocked the van for four hours", {"crowd_size": 80, "duration_minutes": 240, "community_response": "yes"}),
    ("it lasted an hour and a half", {"duration_minutes": 90}),
    ("the whole thing took 20 mins", {"duration_minutes": 20}),
    ("20 mins ago two workers were taken away", {"day": day(16), "outcome": TAKEN, "people_detained": 2}),
    ("They took 2 hours to search the kitchen", {"duration_minutes": 120, "setting": "workplace"}),
    ("at least 5 people were detained, one was released on bail", {"outcome": TAKEN, "people_detained": 5, "people_released": 1}),
    ("2 taken. Update: 3 people were arrested", {"outcome": TAKEN}),
    ("twenty-five people gathered and linked arms", {"crowd_size": 25, "community_response": "yes"}),
    ("12 officers in 4 vans", {}),
    ("3 protesters arrested by police for obstruction", {"police_present": "yes", "community_response": "yes"}),
    ("They tried to take two people but failed", {}),
    ("they may have taken 4 people", {}),
    # Outcomes, settings, police, response.
    (
        "Immigration enforcement turned up in Kenmure fashion: two men were detained but released after hundreds of neighbours surrounded the van",
        {"outcome": RELEASED, "people_detained": 2, "community_response": "yes"},
    ),
    ("Locals chased them out of the market in Shepherds Bush", {"outcome": PREVENTED, "place_text": "Hammersmith and Fulham", "setting": "market", "community_response": "yes"}),
    ("He was signing at Lunar House and was detained", {"place_text": "CR0 (Croydon)", "setting": "reporting centre", "outcome": TAKEN}),
    ("One man arrested at his flat in Hackney and taken to Lunar House", {"place_text": "Hackney", "setting": "home", "outcome": TAKEN, "people_detained": 1}),
    ("Checks at Seven Sisters tube station, not police, immigration", {"place_text": "Haringey", "setting": "transport", "police_present": "no"}),
    ("No police, just immigration officers, at the building site", {"setting": "workplace", "police_present": "no"}),
    ("Protest outside Peckham police station", {"place_text": SE15, "community_response": "yes"}),
    ("Was anyone taken? Were police there?", {}),
    ("raid stopped!!! they left without anyone 💪", {"outcome": PREVENTED, "people_detained": 0}),
    ("They drove off with nobody but someone was arrested inside", {}),
    ("officers stopped delivery riders on the high road in Wood Green, no arrests", {"place_text": "N22 (Haringey)", "setting": "street", "outcome": NONE_TAKEN, "people_detained": 0}),
    # Elsewhere, and what is still to come.
    ("Raid in Hackney today, just like the one in Peckham last week", {"day": day(16), "place_text": "Hackney"}),
    ("Raids in Hackney and Peckham today", {"day": day(16)}),
    ("People came from Hackney to Brixton to help this morning", {"day": day(16), **at(6, 11), "place_text": LAMBETH}),
    ("Emergency demo tomorrow at 6pm at Lunar House", {}),
    ("Next raid watch meeting Tuesday 7pm in Peckham, bring friends", {}),
    ("It wasn't in Peckham", {}),
    ("Raid near Old Kent Road", {}),
    ("Immigration van on Peckham Road", {}),
    ("Van seen on the 343 bus route near the N1 bus stop", {}),
    ("raid in Glasgow this morning, released after the crowd blocked it", {"day": day(16), **at(6, 11), "place_text": "Glasgow City", "outcome": RELEASED, "community_response": "yes"}),
    ("my dog was barking at Lee all morning", {}),
    ("raid in Hayes today", {"day": day(16)}),
    ("raid in Hayes, UB3 today", {"day": day(16), "place_text": "UB3 (Hillingdon)"}),
    # Nothing.
    ("", {}),
    ("Does anyone have leaflets?", {}),
    ("😀😀😀", {}),
    ("Thanks everyone, brilliant work 24/7 ❤️", {}),
    ("Call me on 07700 900123 or mail jo@example.org, 12 High Street, flat 3", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MESSAGES, ids=range(len(MESSAGES)))
def test_a_message_says_what_a_careful_reader_finds(text, expected):
    draft = read_message(text, TODAY)
    expected = {name: value for name, value in expected.items() if value != ""}
    assert {name: getattr(draft, name) for name in draft.said} == expected


MORE = [
    (
        "Update from Peckham: about 5.30 this morning two vans pulled up at a house in SE15 4, family of four taken",
        {"day": day(16), **at(5, 5), "place_text": "SE15 4 (Southwark)", "setting": "home", "outcome": TAKEN, "people_detained": 4},
    ),
    (
        "Hi comrades. Yesterday, 15 June, immigration raided the Brixton market. They were there for 45 minutes & arrested one man.",
        {"day": day(15), "place_text": LAMBETH, "setting": "market", "outcome": TAKEN, "people_detained": 1, "duration_minutes": 45},
    ),
    (
        "4 immigration officers on the tube at Stratford station this evening checking papers. nobody detained as far as we saw",
        {"day": day(16), **at(18, 23), "place_text": "E15 (Newham)", "setting": "transport", "outcome": NONE_TAKEN, "people_detained": 0},
    ),
    (
        "Home raid in E17, Monday at dawn. They took my neighbour",
        {"day": day(13), **at(3, 8), "place_text": "E17 (Waltham Forest)", "setting": "home", "outcome": TAKEN},
    ),
    ("Two guys let go after the crowd sat in front of the van for 3 hours", {"outcome": RELEASED, "people_released": 2, "duration_minutes": 180, "community_response": "yes"}),
    ("5 arrested, 2 of them released after people blocked the road", {"outcome": TAKEN, "people_detained": 5, "people_released": 2, "community_response": "yes"}),
    ("One released on bail the next day", {"people_released": 1}),
    ("Is it true that they took 6 people from the factory in Park Royal?", {"place_text": "NW10", "setting": "workplace"}),
    ("cops and immigration at becket house", {"place_text": "SE1 (Southwark)", "setting": "reporting centre", "police_present": "yes"}),
    ("We called the police but they didn't come", {}),
    ("Up to 300 people were there", {}),
    ("It took 2h30", {"duration_minutes": 150}),
    ("In 20 mins we will be there", {}),
    ("Open 24 hours, 7 days", {}),
    ("Three hundred people came out in Dalston this lunchtime", {"day": day(16), **at(11, 14), "place_text": "Hackney", "crowd_size": 300, "community_response": "yes"}),
    ("RAID 🚨 SW9 🚨 NOW", {"place_text": "SW9 (Lambeth)"}),
    ("No one arrested, no one hurt, well done everyone who resisted", {"outcome": NONE_TAKEN, "people_detained": 0, "community_response": "yes"}),
    ("They didn't take anyone. The manager was fined", {"outcome": NONE_TAKEN, "people_detained": 0}),
    ("Not a single person was detained 👏", {"outcome": NONE_TAKEN, "people_detained": 0}),
    ("two taken, nobody else", {"outcome": TAKEN, "people_detained": 2}),
    ("Nobody else was arrested", {}),
    ("a woman was detained at the register office wedding", {"setting": "other", "outcome": TAKEN, "people_detained": 1}),
    ("Tues 14 June, 6:45am, shop on Rye Lane SE15", {"day": day(14), **at(6), "place_text": "SE15", "setting": "workplace"}),
    ("Raid on a cafe, SE17. 11.30 this morning. One male arrested", {"day": day(16), **at(11), "place_text": "SE17 (Southwark)", "setting": "workplace", "outcome": TAKEN, "people_detained": 1}),
    ("6 in the morning, wood green, they took him away", {**at(6), "place_text": "N22 (Haringey)", "outcome": TAKEN}),
    ("Two years ago today neighbours stopped a dawn raid", {}),
    ("My flatmate got taken from our house at 5am today", {"day": day(16), **at(5), "setting": "home", "outcome": TAKEN}),
    ("neighbours forced them to release our friend after 2 hours", {"duration_minutes": 120, "outcome": RELEASED, "community_response": "yes"}),
    ("Raid van in SE1 and SE15", {}),
    ("stall in Brixton next Saturday 12-3", {}),
    ("ＲＡＩＤ ｉｎ ＳＥ１５ ｔｏｄａｙ", {"day": day(16), "place_text": "SE15"}),
    ("raid in S\u200bE15 today", {"day": day(16), "place_text": "SE15"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MORE, ids=range(len(MORE)))
def test_messages_in_other_voices(text, expected):
    draft = read_message(text, TODAY)
    assert {name: getattr(draft, name) for name in draft.said} == expected


WRITTEN = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("raid in Catford", day(23, 11, 2026)),
        ("Sat 14/11 raid in Catford", day(14, 11, 2026)),
        ("Sat 14/11: raid in Catford", day(14, 11, 2026)),
        ("14 Nov: raid in Catford", day(14, 11, 2026)),
        ("Sat. 14/11 raid in Catford", day(14, 11, 2026)),
        ("raid in Catford on Sat. 14 Nov. about 10am", day(14, 11, 2026)),
        ("14 Nov. 2025, raid in Catford", day(14, 11, 2025)),
        ("raid in Catford on Nov. 14, 2025", day(14, 11, 2025)),
        ("Thurs 19: raid in Catford", day(19, 11, 2026)),
        ("raid in Catford Sat 14/11, about 10am", day(14, 11, 2026)),
        ("raid in Catford Sat 14-11", day(14, 11, 2026)),
        ("raid in Catford Sat 14.11", day(14, 11, 2026)),
        ("raid in Catford Sat 15/11", None),
        ("raid in Catford, wed 6am", day(18, 11, 2026)),
        ("raid sat in Catford", day(21, 11, 2026)),
        ("raid in Catford sat 6.30am", day(21, 11, 2026)),
        ("raid in Catford 20/11", day(20, 11, 2026)),
        ("raid in Catford 11/20", None),
        ("raid in Catford on the 18th, two vans", day(18, 11, 2026)),
        ("raid in Catford on the 28th, two vans", None),
        ("raid in Catford, the 18th", None),
        ("Thurs 19th raid in Catford", day(19, 11, 2026)),
        ("Thurs 20th raid in Catford", None),
        ("Sat 21st, raid in Catford", day(21, 11, 2026)),
        ("Sat 31st, raid in Catford", day(31, 10, 2026)),
        ("Fri night raid in Catford", day(20, 11, 2026)),
        ("Fri night raid in Catford at 2am", None),
        ("raid in Catford last Weds", day(18, 11, 2026)),
        ("raid in Catford on sat morning", day(21, 11, 2026)),
        ("raid in Catford Sat 6-8am", day(21, 11, 2026)),
        ("raid in Catford on Mon", None),
        ("raid in Catford on Satuday", None),
        ("raid in Catford in early November", None),
        ("raid in Catford ten days ago", None),
        ("raid in Catford on Boxing Day", None),
        ("last night 11pm raid in Catford", day(22, 11, 2026)),
        ("last night about 2am raid in Catford", day(23, 11, 2026)),
        ("last night raid in Catford", None),
        ("last night about half 11 raid in Catford", day(22, 11, 2026)),
        ("last night at 12, raid in Catford", day(23, 11, 2026)),
        ("last night at 6, raid in Catford", None),
        ("raid in Catford. Demo on Friday outside Becket House", None),
        # Nothing in these is a day.
        ("Neighbours in the sun. 14 people watched, 20 in all", day(23, 11, 2026)),
        ("raid in Catford, neighbours sat in the road, we are here 24/7", day(23, 11, 2026)),
        ("Sat down in front of the van. The sun is out", day(23, 11, 2026)),
        ("raid in Catford on the 3rd floor, 3/4 of the officers in one van", day(23, 11, 2026)),
        ("raid in Catford, the 3rd in a row", day(23, 11, 2026)),
        ("raid in Catford, they come every Friday", day(23, 11, 2026)),
    ],
)
def test_the_day_in_a_message_goes_before_that_of_its_stamp(said, expected):
    stamped = f"[23/11/2026, 09:00] Jo: {said}"
    assert read_message(stamped, WRITTEN).day == expected
    if expected != WRITTEN:
        assert read_message(said, WRITTEN).day == expected


@pytest.mark.parametrize(
    ("clock", "number"),
    [("at 11pm", 22), ("about half 11", 22), ("11:30", 22), ("2am", 23), ("at 2,", 23)],
)
def test_last_night_is_on_the_side_of_midnight_that_its_hour_says(clock, number):
    draft = read_message(f"Last night {clock} Wembley", WRITTEN)
    assert (draft.day, draft.hour_from) == (day(number, 11, 2026), 23 if number == 22 else 2)


PAIRS = [
    (
        "Detained: 1. Released: 0. Crowd: 0. Police: no.",
        {"outcome": TAKEN, "people_detained": 1, "people_released": 0, "crowd_size": 0, "police_present": "no", "community_response": "no"},
    ),
    ("Police present: no", {"police_present": "no"}),
    ("Police: none", {"police_present": "no"}),
    ("Police: no sign of them", {"police_present": "no"}),
    ("Police - no", {"police_present": "no"}),
    ("*Police:* yes", {"police_present": "yes"}),
    ("Police = 4", {"police_present": "yes"}),
    ("Police: not sure", {}),
    ("Police: ?", {}),
    ("Police: two vans of them", {"police_present": "yes"}),
    ("Police: no. Police were there", {}),
    ("Crowd: none", {"crowd_size": 0, "community_response": "no"}),
    ("Crowd: about 50 people", {"crowd_size": 50, "community_response": "yes"}),
    ("Crowd: no. Response: yes", {"crowd_size": 0}),
    ("Community response: no", {"community_response": "no"}),
    ("Response: none", {"community_response": "no"}),
    ("Community response: yes", {"community_response": "yes"}),
    ("Arrests: none\nCrowd: 30", {"outcome": NONE_TAKEN, "people_detained": 0, "crowd_size": 30, "community_response": "yes"}),
    ("Arrests: 3", {"outcome": TAKEN, "people_detained": 3}),
    ("Detained: 2 Released: 0 Police: no", {"outcome": TAKEN, "people_detained": 2, "people_released": 0, "police_present": "no"}),
    ("Detained: 2. Three people were arrested", {"outcome": TAKEN}),
    ("Detained: 0. They took three people", {}),
    ("Detained: 1. Released: 1. Response: yes", {"outcome": RELEASED, "people_detained": 1, "people_released": 1, "community_response": "yes"}),
    ("Police: no arrests made", {"outcome": NONE_TAKEN, "people_detained": 0, "police_present": "yes"}),
    ("two arrested - 3 vans", {"outcome": TAKEN, "people_detained": 2}),
    ("released 0, two taken, the crowd blocked the van", {"outcome": TAKEN, "people_detained": 2, "people_released": 0, "community_response": "yes"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PAIRS, ids=range(len(PAIRS)))
def test_a_key_and_its_value_say_what_the_value_says(text, expected):
    draft = read_message(text, TODAY)
    assert {name: getattr(draft, name) for name in draft.said} == expected


CLAUSES = [
    # Hours of the day, and how long it took.
    ("Today, vans at 16.00hrs", {"day": day(16), **at(16)}),
    ("Today 16.30 hrs", {"day": day(16), **at(16)}),
    ("Today 9.00 hrs, they left at 16.00hrs", {"day": day(16), **at(9)}),
    ("Sat 11.06", {"day": day(11)}),
    ("it lasted 2.5 hrs", {"duration_minutes": 150}),
    ("it lasted 1.30 hrs", {}),
    ("Today 0015 hrs", {"day": day(16), **at(0)}),
    (
        "Neighbours sat in front of the van for 4 hours till man was freed",
        {"outcome": RELEASED, "duration_minutes": 240, "community_response": "yes"},
    ),
    ("He was taken, freed an hour later", {}),
    ("4 hours later they freed him", {}),
    ("The man was released two hours afterwards", {}),
    ("4 young men were freed", {"people_released": 4}),
    # They left with nobody.
    ("They left with nobody", {"outcome": NONE_TAKEN, "people_detained": 0}),
    ("They left with nobody, no arrests", {"outcome": NONE_TAKEN, "people_detained": 0}),
    ("They left without arresting anyone", {"outcome": NONE_TAKEN, "people_detained": 0}),
    ("They left empty handed", {"outcome": NONE_TAKEN, "people_detained": 0}),
    ("They left with nobody after neighbours blocked the van", {"outcome": PREVENTED, "people_detained": 0, "community_response": "yes"}),
    ("They left without anyone because locals surrounded the van", {"outcome": PREVENTED, "people_detained": 0, "community_response": "yes"}),
    ("Crowd of 60. They left with nobody", {"outcome": PREVENTED, "people_detained": 0, "crowd_size": 60, "community_response": "yes"}),
    # Whoever else is told of in the same sentence.
    ("4 people arrested, 50 neighbours out", {"outcome": TAKEN, "people_detained": 4, "crowd_size": 50, "community_response": "yes"}),
    ("50 neighbours out, 4 people arrested", {"outcome": TAKEN, "people_detained": 4, "crowd_size": 50, "community_response": "yes"}),
    ("4 people arrested and 50 neighbours out", {"outcome": TAKEN, "people_detained": 4, "crowd_size": 50, "community_response": "yes"}),
    ("They took my brother, locals gathered", {"outcome": TAKEN, "community_response": "yes"}),
    ("Protesters sat down and were arrested", {"community_response": "yes"}),
    ("2 people arrested for obstruction", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CLAUSES, ids=range(len(CLAUSES)))
def test_a_clause_is_read_by_itself(text, expected):
    draft = read_message(text, TODAY)
    assert {name: getattr(draft, name) for name in draft.said} == expected


@pytest.mark.parametrize(
    "text",
    [
        "No raid today in Deptford, false alarm",
        "False alarm everyone, two vans in Peckham were traffic wardens",
        "It wasn't a raid, just police at the car wash in N17",
        "[14/06/2022, 07:43] Dee: There is no raid in SE15. Thanks for checking",
    ],
)
def test_a_message_of_no_raid_drafts_nothing(text):
    assert read_message(text, TODAY) == MessageDraft(tells_of_no_raid=True)


@pytest.mark.parametrize(
    "text",
    [
        "This is not a false alarm, raid in Peckham",
        "It isn't a false alarm, raid in Peckham",
        "Raid in Peckham, no false alarm",
        "No raid in Peckham since May until today",
        "Is it a false alarm in Peckham?",
        "False alarm yesterday, but today they took two people in Peckham",
        "No raid should go unanswered: vans in Peckham",
        "No raid today, but yesterday they raided a shop in Peckham",
    ],
)
def test_a_message_of_a_raid_is_not_taken_for_one_of_none(text):
    draft = read_message(text, TODAY)
    assert not draft.tells_of_no_raid
    assert draft.place_text == SE15


LATER = date(2024, 6, 20)  # a Thursday


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        # Known by the month or the year.
        ("raid in E8 in June 2023", date(2023, 6, 1), "month"),
        ("raid in E8, June 2023", date(2023, 6, 1), "month"),
        ("raid in E8 early May '23", date(2023, 5, 1), "month"),
        ("raid in E8 at the end of May 2023, they took 2", date(2023, 5, 1), "month"),
        ("raid in E8 05/2023", date(2023, 5, 1), "month"),
        ("raid in E8 back in 2022", date(2022, 1, 1), "year"),
        ("raid in E8 (2023)", date(2023, 1, 1), "year"),
        ("raid in E8, summer 2023", date(2023, 1, 1), "year"),
        ("raid in E8 on 12 March 2023, March 2023 was bad", date(2023, 3, 12), "day"),
        # What the message tells of, and not when it was written.
        ("14/06/2024: raid in Hackney, June 2023", date(2023, 6, 1), "month"),
        ("[14/06/2024, 07:43] Jo: raid in Hackney, June 2023", date(2023, 6, 1), "month"),
        ("14 June 2024 - raid in E8, back in May 2022", date(2022, 5, 1), "month"),
        ("14/06/2024: raid in Hackney yesterday", date(2024, 6, 13), "day"),
        ("14/06/2024: raid in Hackney", date(2024, 6, 14), "day"),
        ("On 14/06/2024 we heard of a raid in Hackney in June 2023", None, "day"),
        # Bounds, and more than one.
        ("first raid in E8 since June 2023", None, "day"),
        ("raid in E8 before June 2023", None, "day"),
        ("raid in E8 in 2021 or 2022", None, "day"),
        ("raid in E8 in May or June 2023", date(2023, 1, 1), "year"),
        ("raid in E8 late 2023", date(2023, 1, 1), "year"),
        ("raid in E8 around 14 June 2023", date(2023, 6, 1), "month"),
        ("raid in E8 week of 5 June 2023", date(2023, 6, 1), "month"),
        ("raid in E8 13 or 14 June 2023", None, "day"),
        ("raid in E8 after 14 June 2023", None, "day"),
        ("raid in E8 winter 2023", None, "day"),
        ("raid in E8 some time last summer", None, "day"),
        ("raid in E8 last month", None, "day"),
        ("raid in E8 13 or 14 June", None, "day"),
        ("raid in E8 between 10 and 14 June", None, "day"),
        ("raid in E8 around 14 June", None, "day"),
        ("raid in E8 14 June-ish", None, "day"),
        ("raid in E8 in the week of 3 June", None, "day"),
        # The day of writing without a colon, and long ago.
        ("14/06/2024 raid in Hackney last year, two taken", None, "day"),
        ("14 June 2024, they came a few months back, Hackney raid", None, "day"),
        ("14/06/2024 raid in Hackney, two taken", date(2024, 6, 14), "day"),
        # Days that are told by another.
        ("Two weeks ago today there was a raid on the bakery in N4, 2 taken", date(2024, 6, 6), "day"),
        ("raid in E8 a fortnight ago today", date(2024, 6, 6), "day"),
        ("raid in E8 three weeks ago yesterday", date(2024, 5, 29), "day"),
        ("raid in E8 Monday just gone", date(2024, 6, 17), "day"),
        ("Raid a fortnight ago on the Tuesday in NW10, 3 taken", None, "day"),
        ("Raid over bank holiday Monday in Tooting, 2 taken", None, "day"),
        ("raid in E8 last week on Tuesday", None, "day"),
        ("raid in E8 Tuesday before last", None, "day"),
        ("raid in E8 Tuesday week", None, "day"),
        ("raid in E8 a week last Friday", None, "day"),
        ("raid in E8 the Friday before", None, "day"),
        ("[14/06/2024, 07:43] Jo: talk of immigration in E8 this coming Sunday", None, "day"),
        (
            "[14/06/2024, 07:43] Jo: they took 2 people in E8, bailed until Monday. Today at 7am",
            date(2024, 6, 14),
            "day",
        ),
        ("raid in E8 on a Tuesday", None, "day"),
        ("raid in E8 on Good Friday", None, "day"),
        ("raid in E8 a week today", None, "day"),
        ("raid in E8 two or three days ago", None, "day"),
        ("raid in E8 yesterday or the day before", None, "day"),
        ("[14/06/2024, 07:43] Jo: raid in E8 a day or two ago", None, "day"),
        ("Heard today about a raid in E8", None, "day"),
        ("Raid last week in E8, he was released today", None, "day"),
        ("Might be a raid Sunday in E6 according to the shopkeeper", None, "day"),
        ("rumours of a raid in E8 on Monday", None, "day"),
    ],
)
def test_a_day_is_told_as_finely_as_the_message_does(text, day, precision):
    draft = read_message(text, LATER)
    assert (draft.day, draft.date_precision) == (day, precision)


def test_hours_over_midnight_go_on_into_the_next_day_and_say_nothing_without_a_day():
    night = read_message("raid in E8 yesterday 11pm-1am", LATER)
    assert (night.day, night.hour_from, night.hour_to) == (date(2024, 6, 19), 23, 24)
    assert read_message("raid in E8 in June 2023 at 6am", LATER).hour_from is None


def test_the_hand_read_messages_are_many_and_different():
    texts = [text for text, _ in (*MESSAGES, *MORE)]
    assert len(set(texts)) == len(texts) >= 60
    assert {name for _, expected in (*MESSAGES, *MORE) for name in expected} == {
        field.name for field in fields(MessageDraft)
    } - {"said", "tells_of_no_raid", "date_precision"}


@pytest.mark.parametrize("text", [text for text, _ in (*MESSAGES, *MORE)])
def test_the_place_of_a_draft_can_be_looked_up_and_is_its_own_name(text):
    place = read_message(text, TODAY).place_text
    assert not place or place_of(place).label == place


def test_a_day_to_come_is_never_drafted():
    for text in (
        "Raid on 17 June 2022",
        "17/06/2022, 09:00 - Jo: raid today",
        "[18/06/2022, 07:00] Jo: raid",
    ):
        assert read_message(text, TODAY).day is None


# Pieces of messages, so that generated texts reach the rules.
PIECES = (
    "raid in", "#Peckham", "SE15 4QL", "N17", "today", "yesterday", "on Tuesday", "14 June", "14/6/22", "at 6am", "half seven",
    "6-8am", "this morning", "took", "two", "people", "arrested", "nobody", "taken", "crowd of", "200+", "for four hours", "20 mins",
    "released", "left empty handed", "police", "not police", "car wash", "Lunar House", "?", ".", "\n", "[14/06/2022, 07:43:12]",
    "Zebedee Quux:", "07700 900123", "12 Quux Road", "@quux", "https://quux.example", "£500", "ticket no. QX123456C", "😀", "\u200b",
    "up to", "at least", "-", "to", "and", "or", "half", "quarter to", "the", "a", "Lee", "Hayes", "may", "12", "1,000", "99999999",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=40).map(" ".join),
)


@settings(max_examples=examples(400))
@given(TEXTS)
def test_any_text_gives_a_draft_of_closed_lists_and_numbers_and_nothing_else(text):
    draft = read_message(text, TODAY)
    assert draft.day is None or date(1900, 1, 1) <= draft.day <= TODAY
    assert (draft.hour_from is None) == (draft.hour_to is None)
    assert draft.hour_from is None or 0 <= draft.hour_from <= 23
    assert draft.hour_to is None or draft.hour_from <= draft.hour_to < draft.hour_from + 24
    assert draft.setting in SETTINGS
    assert draft.outcome in OUTCOMES
    assert {draft.police_present, draft.community_response} <= set(YES_NO_UNKNOWN)
    numbers = (draft.people_detained, draft.people_released, draft.crowd_size, draft.duration_minutes)
    assert all(number is None or (type(number) is int and 0 <= number <= 100_000) for number in numbers)
    # A name that the geography gives, whole: looked up, it is itself, so no letter of the text stands in it.
    assert not draft.place_text or place_of(draft.place_text).label == draft.place_text
    assert set(draft.said) <= {field.name for field in fields(MessageDraft)} - {"said"}


@given(TEXTS)
def test_planted_words_never_come_back(text):
    draft = read_message(f"Zebedee Quux {text} quux@quux.example 07700900123 Quux Road", TODAY)
    assert not any(planted in repr(draft).lower() for planted in ("zebedee", "quux", "0770090", "road"))


def test_a_long_text_is_read_quickly_and_its_end_left_out():
    noise = "took at least 3 or 4 of the people and the crowd of about over nearly 200 " * 5_000
    assert read_message(noise + " SE15", TODAY).place_text == ""
