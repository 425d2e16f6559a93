"""The month that a title names: one month only, with its year, and never the end of something longer."""

import pytest

from cxroi.intake.layout.titles import month_said


@pytest.mark.parametrize(
    "title",
    [
        "Trial balance for the month ended 31 March 2025",
        "for the month ending March 31, 2025 (SAR)",
        "For the month ended 31.03.2025",
        "For the month of March 2025 - all entities",
        "Period: 03/2025",
        "Posting period 2025-03",
        "March 2025",
        "ميزان المراجعة للشهر المنتهي في ٣١ مارس ٢٠٢٥م",
        "مصروفات شهر مارس 2025",
        "الفترة: آذار 2025",
    ],
)
def test_a_title_names_its_month(title):
    assert month_said(["CX ROI Ltd", title, "All amounts in SAR"]) == ("2025-03", title)


@pytest.mark.parametrize(
    "title",
    [
        "For the three months ended 31 March 2025",
        "For the 12-month period ended 31 March 2025",
        "For the period ended 31 March 2025",
        "For the year ended 31 December 2025",
        "Period: January 2025 to March 2025",
        "Month ended 04/03/2025",  # April or March
        "As at 31 March 2025",  # a balance, perhaps of the year to date
        "Printed on 2025-03-01",
        "2025-03-01",
        "For the month ended 31 March",
        "عن الفترة المنتهية في 31 مارس 2025",
        "لستة أشهر المنتهية في 30 يونيو 2025",
        "Month of Sales",
    ],
)
def test_what_is_longer_or_unclear_is_no_month(title):
    assert month_said([title]) is None


def test_two_months_in_the_titles_are_none():
    assert month_said(["March 2025", "Period: April 2025"]) is None
