"""Due dates by the PyPI package chinesecalendar, which has its own table of the yearly notices.

Prints one line for every first day and length: FIRST LENGTH DUE KNOWN, where KNOWN is 0 if the package's table ended
before DUE and the rest was counted as Monday to Friday. Used by calendar_oracle.rs.
"""

import datetime
import functools
import sys

import chinese_calendar

DAY = datetime.timedelta(days=1)


@functools.cache
def working(day):
    """(is a working day, is known to the package)"""
    try:
        return chinese_calendar.is_workday(day), True
    except NotImplementedError:
        return day.weekday() < 5, False


def main(first, last, lengths):
    day = first
    while day <= last:
        left, at, known, due = sorted(lengths), 0, True, day
        while left:
            due += DAY
            is_working, is_known = working(due)
            known = known and is_known
            at += is_working
            if is_working and at == left[0]:
                print(day, left.pop(0), due, int(known))
        day += DAY


if __name__ == "__main__":
    main(
        datetime.date.fromisoformat(sys.argv[1]),
        datetime.date.fromisoformat(sys.argv[2]),
        [int(n) for n in sys.argv[3:]],
    )
