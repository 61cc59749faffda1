"""Messages of kinds that were misread: police who were absent, people checked, landmarks, the work of others, two numbers."""

from datetime import date

import pytest

from data.message.draft import MessageDraft, read_message

TODAY = date(2024, 6, 20)


def draft_of(text):
    return read_message(text, TODAY)


@pytest.mark.parametrize(
    "said",
    [
        "Police refused to attend", "police wouldn't come", "police were called but never turned up", "the police didn't show",
        "cops nowhere in sight", "no police presence", "police declined to attend", "police did not attend", "police absent",
        "police were too busy to come", "Police couldn't send anyone", "Police said they had no officers free",
        "police say it was nothing to do with them", "met police have been informed", "police have been called",
        "rang the police and they refused", "reported it to the police", "no answer from police", "police yet to arrive",
        "police never bothered coming", "police nowhere", "police are on their way", "police told us it wasn't them", "according to the police it was planned",
    ],
)  # fmt: skip
def test_police_who_are_named_but_were_not_there_are_not_said_to_be_there(said):
    assert draft_of(f"Raid at a house in N17 yesterday. {said}").police_present in ("no", "unknown")
    assert draft_of(f"Raid at a house in N17 yesterday, {said}").police_present in ("no", "unknown")


@pytest.mark.parametrize(
    "said",
    [
        "police were there too", "with police", "two police vans", "the police blocked the road", "cops on the door",
        "police refused to let us through", "police arrived first", "Met officers were with them", "police and immigration",
    ],
)  # fmt: skip
def test_police_who_were_there_are(said):
    assert draft_of(f"Raid at a house in N17 yesterday, {said}").police_present == "yes"


@pytest.mark.parametrize(
    "said",
    [
        "Checked 30 people at Seven Sisters station today", "They stopped 15 people outside Wood Green tube today",
        "40 passengers questioned on the platform", "25 people were stopped and searched", "ID checks on 60 people at the bus stop",
        "officers spoke to 20 workers", "asked 30 people for papers", "they lined up 14 staff outside the kitchen",
        "Residents were stopped and questioned", "30 people stopped by officers", "questioned 12 riders outside McDonald's",
        "they had 25 customers inside", "22 officers turned up", "interviewed 21 people there", "30 people queueing inside",
        "the vans blocked the road", "officers surrounded the house", "they were checking 40 people here", "went through 30 people's phones",
    ],
)  # fmt: skip
def test_people_who_were_checked_are_no_crowd_and_no_response(said):
    draft = draft_of(f"Raid in E8 today. {said}, 2 taken")
    assert (draft.crowd_size, draft.community_response, draft.people_detained) == (None, "unknown", 2)


@pytest.mark.parametrize(
    ("said", "setting"),
    [
        ("They waited outside the mosque and took him from his car in E1 today", "street"),
        ("Team from Eaton House came to a nail bar in Slough yesterday, 2 taken to Colnbrook", "workplace"),
        ("Officers from Becket House raided a restaurant in SE1 today", "workplace"),
        ("Raid at a car wash in N17 today, men held at Eaton House", "workplace"),
        ("Lunar House vans outside a barbers in N17 today", "workplace"),
        ("They parked outside the school and raided a flat in N17 today", "home"),
        ("They grabbed him outside the church in N17 today", "unknown"),
        ("Raid on a shop opposite the station in N17 today", "workplace"),
        ("Raid in Church Street, N16 today", "unknown"),
        ("Raid off Market Road, N7 today", "unknown"),
        ("They took him out of his taxi in E1 today", "street"),
        ("One man taken in E1, now held in a detention centre", "unknown"),
        ("He was detained when reporting at Lunar House today", "reporting centre"),
        ("They went to a restaurant in E1 today", "workplace"),
        ("Two taken to Becket House, E1 today", "unknown"),
        ("Raid at the mosque in E1 today", "other"),
    ],
)  # fmt: skip
def test_a_landmark_or_a_place_where_people_are_held_is_not_the_setting(said, setting):
    assert draft_of(said).setting == setting


@pytest.mark.parametrize(
    "said",
    [
        "Turns out it wasn't immigration, it was a drugs raid. SE15 this morning",
        "It was trading standards not immigration at the shop in E12 today", "Drugs raid in SE15 this morning, 2 arrested",
        "Police raided a house in N17 for drugs today", "It was HMRC, not immigration. SE15 today",
        "HMRC raid on the off licence in SE15 today", "Just traffic wardens, nothing to do with immigration",
        "It's only bailiffs in N17", "Dawn raid by the Met for burglary in E8 today",
        "Turns out to be trading standards seizing vapes, E7", "Vans in Peckham were the council, parking enforcement",
        "Counter terror police raid in E7 this morning", "TfL ticket inspectors at Brixton station, not immigration",
        "County lines warrant executed in SE17 today", "Not immigration - gas engineers",
        "Immigration raid reported in SE15, turned out it was not immigration, just police",
        "It was an eviction in N17, bailiffs with police", "environmental health inspection at the takeaway in E7 today",
        "Police with a warrant for weapons in N9 today", "food hygiene inspectors in E12 today, not ICE",
        "Counter terrorism police arrested a man in SE5 today", "Gas leak, whole of SE5 evacuated today",
    ],
)  # fmt: skip
def test_the_work_of_others_is_no_raid(said):
    assert draft_of(said) == MessageDraft(tells_of_no_raid=True)


@pytest.mark.parametrize(
    "said",
    [
        "Immigration and trading standards raided a shop in E12 today, 2 taken", "Immigration raid in E12 today with HMRC, one arrested",
        "Raid at shop in E12, two taken. There were council officers too", "Raid in E12, not police, immigration",
        "Immigration enforcement raid in E12, it wasn't a drugs raid", "Raid in E12. Home Office, not the council",
        "Raid in E12 today, police stood by", "Raid on a vape shop in E12 today", "Raid near the council offices in E12",
    ],
)  # fmt: skip
def test_others_beside_immigration_officers_leave_it_a_raid(said):
    draft = draft_of(said)
    assert (draft.tells_of_no_raid, draft.place_text) == (False, "E12")


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("One taken from no. 5 and two from no. 9", {3, None}),
        ("took 2, then another 1", {3, None}), ("took 2 out of the back door and 1 from the front", {3, None}),
        ("2 taken from the kitchen, 1 from upstairs", {3, None}), ("two men and a woman arrested", {3}),
        ("a man and a woman were detained", {2}), ("They took 2 and later another one", {3, None}),
        ("2 arrested this morning, then 3 more this afternoon", {5, None}), ("2 arrested plus 1 more later", {3, None}),
        ("took one lad then came back for two more", {3, None}), ("1 taken from the shop and 2 from the flat above", {3, None}),
        ("2 taken and 1 let go", {2}), ("took 4, another 3 questioned", {4}), ("3 taken, 12 officers, 2 vans", {3}),
        ("2 taken, another 2 vans came", {2}), ("3 men, 2 women and a child were taken", {6}),
        ("2 arrested and 40 people outside", {2}), ("took two at 6 and one at 7", {3, None}),
        ("two taken at 6am. Another two taken at 7am", {4, None}), ("2 taken. 1 more arrested later", {3, None}),
        ("took 1 from the shop. Then 2 more taken from the flat", {3, None}),
    ],
)  # fmt: skip
def test_two_numbers_of_one_raid_are_added_or_left_out(said, right):
    assert draft_of(f"Raid in SE15 today, {said}").people_detained in right


def test_a_raid_that_may_come_is_not_drafted():
    assert draft_of("Might be a raid Sunday in E6 according to the shopkeeper").said == ()
    assert draft_of("Rumour of a raid in E6 on Friday").said == ()
    assert draft_of("Raid due Monday says someone on the group. E6").day is None


def test_a_number_between_two_is_the_least_and_a_time_between_two_is_none():
    assert draft_of("Between 3 and 5 people taken in SE15 today").people_detained == 3
    assert draft_of("They took people in SE15 today between 3 and 5").people_detained is None
