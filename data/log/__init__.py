"""
The group's own log, kept by hand: log a raid, correct, check, merge and delete records, and take any of it back.

Each act is one step of the trail: which column changed from what to what. The trail holds codes, numbers, hours and
words of closed lists, as the records do; who did it is kept nowhere. A record is opened by its code while it is young
and hidden: whoever logged it has the code, and it stands in no list.
"""
