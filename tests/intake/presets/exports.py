"""Made exports of 500 rows, as each system writes them, in English and Arabic, with what a right reading gives to the cent."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

ROWS = 500
Value = Callable[[int], str]


@dataclass(frozen=True, kw_only=True)
class Export:
    """One kind of export: (English heading, Arabic heading, cell of row i), and what is right of it."""

    table: str
    columns: tuple[tuple[str, str, Value], ...]
    loaded: int
    skipped: int = 0
    totals: Mapping[str, Decimal] = field(default_factory=dict)
    more_headings: tuple[tuple[str, str], ...] = ()  # a second row of headings, by the first
    footer: str = ""
    words: Mapping[str, str] = field(default_factory=dict)  # how cells read in Arabic
    currency: str | None = None
    asked: str | None = None  # the table that a person says the file is of
    flags: tuple[str, ...] = ()  # what is to be said of its content, however well it is known

    def text(self, language: str) -> str:
        """Return the file in one of the two languages, its headings below nothing but themselves."""
        out = io.StringIO()
        writer = csv.writer(out)
        place = 0 if language == "en" else 1
        writer.writerow([column[place] for column in self.columns])
        if self.more_headings:
            below = dict(self.more_headings)
            writer.writerow([below.get(column[0], "") for column in self.columns])
        for i in range(ROWS):
            cells = [column[2](i) for column in self.columns]
            writer.writerow(cells if language == "en" else [self.words.get(cell, cell) for cell in cells])
        return out.getvalue() + self.footer


def day(i: int) -> date:
    """Return a day of 2024 that tells the order of its parts."""
    return date(2024, 1, 1) + timedelta(days=i % 360)


def stamp(i: int) -> str:
    """Return a day and time as most systems write it."""
    return f"{day(i)} {8 + i % 10:02d}:{i % 60:02d}:01"


def american(i: int) -> str:
    """Return a day as a system in the United States writes it."""
    return f"{day(i):%m/%d/%Y}"


def every(n: int, then: str, otherwise: str) -> Value:
    """Return a cell that holds `then` in every nth row."""
    return lambda i: then if i % n == 0 else otherwise


def const(word: str) -> Value:
    """Return a cell that is the same in every row."""
    return lambda i: word


def numbered(prefix: str) -> Value:
    """Return an id."""
    return lambda i: f"{prefix}{i:05d}"


def amount(i: int) -> Decimal:
    """Return an amount with cents that differ."""
    return Decimal(10000 + 37 * i + i % 7) / 100


def money(i: int) -> str:
    """Return that amount as text."""
    return f"{amount(i):.2f}"


def total(
    *, of: Callable[[int], bool] = lambda i: True, times: Callable[[int], Decimal] = lambda i: Decimal(1)
) -> Decimal:
    """Return the sum of the amounts that count."""
    exact = (amount(i) * times(i) for i in range(ROWS) if of(i))
    return sum((one.quantize(Decimal("0.001"), ROUND_HALF_UP) for one in exact), Decimal(0))


def count(of: Callable[[int], bool]) -> int:
    """Return how many rows are so."""
    return sum(of(i) for i in range(ROWS))


def score(i: int) -> str:
    """Return an answer from 0 to 10."""
    return str(i % 11)


def stars(i: int) -> str:
    """Return an answer from 1 to 5."""
    return str(1 + i % 5)


EXPORTS: dict[str, Export] = {
    "zendesk_tickets": Export(
        table="contacts",
        columns=(
            ("Ticket ID", "معرّف التذكرة", numbered("4")),
            ("Ticket created - Date", "تم إنشاء التذكرة - التاريخ", lambda i: str(day(i))),
            ("Ticket solved - Date", "تم حل التذكرة - التاريخ", lambda i: str(day(i) + timedelta(days=i % 4))),
            ("Requester ID", "معرّف مقدم الطلب", numbered("9")),
            ("Requester name", "اسم مقدم الطلب", const("Huda")),
            ("Ticket channel", "قناة التذكرة", every(2, "Email", "Chat")),
            ("Ticket group", "مجموعة التذكرة", const("Support")),
            ("Ticket status", "حالة التذكرة", every(10, "Deleted", "Solved")),
            ("Ticket satisfaction rating", "تقييم رضا التذكرة", every(3, "Good", "Unoffered")),
            ("Full resolution time (min)", "وقت الحل الكامل (دقيقة)", const("1,240.5")),
        ),
        words={"Deleted": "محذوفة"},
        loaded=450,
        skipped=50,
    ),
    "zendesk_ratings": Export(
        table="surveys",
        asked="surveys",
        columns=(
            ("Ticket ID", "معرّف التذكرة", numbered("4")),
            ("Ticket created - Date", "تم إنشاء التذكرة - التاريخ", lambda i: str(day(i))),
            ("Ticket solved - Date", "تم حل التذكرة - التاريخ", lambda i: str(day(i) + timedelta(days=i % 4))),
            ("Requester ID", "معرّف مقدم الطلب", numbered("9")),
            ("Ticket channel", "قناة التذكرة", every(2, "Email", "Chat")),
            ("Ticket status", "حالة التذكرة", const("Solved")),
            (
                "Ticket satisfaction rating",
                "تقييم رضا التذكرة",
                lambda i: ("Good", "Bad", "Unoffered", "", "Offered")[i % 5],
            ),
        ),
        words={"Good": "جيد", "Bad": "سيئ"},
        flags=("finding.answers_two",),
        loaded=200,
        skipped=300,
    ),
    "freshdesk_tickets": Export(
        table="contacts",
        columns=(
            ("Ticket ID", "معرّف التذكرة", numbered("1")),
            ("Subject", "الموضوع", const("Late order")),
            ("Status", "الحالة", every(5, "Open", "Closed")),
            ("Source", "المصدر", every(2, "Email", "Portal")),
            ("Type", "النوع", every(3, "Question", "Incident")),
            ("Created time", "وقت الإنشاء", stamp),
            ("Resolved time", "وقت الحل", stamp),
            ("Closed time", "وقت الإغلاق", lambda i: "" if i % 5 == 0 else stamp(i)),
            ("Resolution time (in hrs)", "وقت الحل (بالساعات)", const("12:30:00")),
            ("Agent interactions", "تفاعلات الوكيل", const("2")),
            ("Survey results", "نتائج الاستبيان", const("Extremely Satisfied")),
            ("Full name", "الاسم الكامل", const("Ali")),
            ("Contact ID", "معرف جهة الاتصال", numbered("77")),
        ),
        loaded=ROWS,
    ),
    "freshdesk_ratings": Export(
        table="surveys",
        asked="surveys",
        columns=(
            ("Ticket ID", "معرّف التذكرة", numbered("1")),
            ("Status", "الحالة", const("Closed")),
            ("Source", "المصدر", every(2, "Email", "Portal")),
            ("Created time", "وقت الإنشاء", stamp),
            ("Closed time", "وقت الإغلاق", stamp),
            (
                "Survey results",
                "نتائج الاستبيان",
                lambda i: ("Extremely Satisfied", "Neutral", "Extremely Dissatisfied", "")[i % 4],
            ),
            ("Agent interactions", "تفاعلات الوكيل", const("2")),
            ("Full name", "الاسم الكامل", const("Ali")),
            ("Contact ID", "معرف جهة الاتصال", numbered("77")),
        ),
        words={"Extremely Satisfied": "راضٍ للغاية", "Neutral": "محايد", "Extremely Dissatisfied": "غير راضٍ للغاية"},
        loaded=375,
        skipped=125,
    ),
    "qualtrics_responses": Export(
        table="surveys",
        columns=(
            ("StartDate", "StartDate", stamp),
            ("EndDate", "EndDate", stamp),
            ("Status", "Status", every(20, "Survey Preview", "IP Address")),
            ("Progress", "Progress", const("100")),
            ("Duration (in seconds)", "Duration (in seconds)", const("95")),
            ("Finished", "Finished", const("True")),
            ("RecordedDate", "RecordedDate", stamp),
            ("ResponseId", "ResponseId", numbered("R_")),
            ("ExternalReference", "ExternalReference", numbered("C")),
            ("UserLanguage", "UserLanguage", const("AR")),
            ("Q1_NPS_GROUP", "Q1_NPS_GROUP", const("Promoter")),
            ("Q1", "Q1", score),
            ("Q2", "Q2", lambda i: "" if i % 4 == 0 else stars(i)),
            ("Q3", "Q3", every(2, "", "سريع")),
        ),
        more_headings=(
            ("StartDate", "Start Date"),
            ("Q1_NPS_GROUP", "ما احتمال أن توصي بنا؟ - Group"),
            ("Q1", "ما احتمال أن توصي بنا لصديق؟"),
            ("Q2", "ما مدى رضاك عن الخدمة؟"),
            ("Q3", "لماذا؟"),
        ),
        loaded=count(lambda i: i % 20 != 0) + count(lambda i: i % 20 != 0 and i % 4 != 0),
        skipped=25,
    ),
    "surveymonkey_responses": Export(
        table="surveys",
        columns=(
            ("Respondent ID", "معرف المستجيب", numbered("118")),
            ("Collector ID", "معرف المجمع", const("4401")),
            ("Start Date", "تاريخ البدء", lambda i: f"{american(i)} 10:00:00 AM"),
            ("End Date", "تاريخ الانتهاء", lambda i: f"{american(i)} 10:04:10 AM"),
            ("IP Address", "عنوان IP", const("10.0.0.1")),
            ("Custom Data 1", "بيانات مخصصة 1", numbered("C")),
            (
                "How likely is it that you would recommend this company to a friend or colleague?",
                "ما مدى احتمال أن توصي بهذه الشركة لصديق أو زميل؟",
                lambda i: "" if i % 25 == 0 else score(i),
            ),
            (
                "How satisfied were you with each of these?",
                "ما مدى رضاك عن كل مما يلي؟",
                lambda i: "" if i % 25 == 0 else stars(i),
            ),
            ("", "", lambda i: "" if i % 25 == 0 else stars(i + 1)),
        ),
        more_headings=(
            ("How likely is it that you would recommend this company to a friend or colleague?", "Response"),
            ("How satisfied were you with each of these?", "Delivery"),
            ("", "Price"),
        ),
        loaded=3 * 480,
        skipped=20,
    ),
    "medallia_responses": Export(
        table="surveys",
        columns=(
            ("Survey ID", "معرّف الاستبيان", numbered("S")),
            ("Response Date", "تاريخ الاستجابة", lambda i: str(day(i))),
            ("Unit", "الوحدة", every(2, "Riyadh", "Jeddah")),
            ("Customer ID", "رقم العميل", numbered("C")),
            ("Touchpoint", "نقطة التواصل", every(2, "Branch", "Call centre")),
            ("Likelihood to Recommend", "احتمالية التوصية", score),
            ("Overall Satisfaction", "الرضا العام", stars),
            ("NPS Segment", "شريحة NPS", const("Promoter")),
            ("Survey Status", "حالة الاستبيان", const("Completed")),
            ("Comments", "التعليقات", every(2, "", "good")),
        ),
        loaded=2 * ROWS,
    ),
    "customergauge_responses": Export(
        table="surveys",
        columns=(
            ("Customer Number", "رقم العميل", numbered("C")),
            ("Account Name", "اسم الحساب", numbered("Account ")),
            ("Sent Date", "تاريخ الإرسال", lambda i: str(day(i))),
            ("Response Date", "تاريخ الاستجابة", lambda i: "" if i % 4 == 0 else str(day(i) + timedelta(days=1))),
            ("NPS Score", "درجة NPS", lambda i: "" if i % 4 == 0 else score(i)),
            ("Comment", "تعليق", every(2, "", "quick")),
            ("Follow Up Request", "طلب المتابعة", every(3, "Y", "N")),
            ("Job Level", "المستوى الوظيفي", const("B")),
        ),
        loaded=375,
        skipped=125,
    ),
    "hubspot_customers": Export(
        table="customers",
        columns=(
            ("Record ID", "معرّف السجل", numbered("8")),
            ("Company name", "اسم الشركة", numbered("Co ")),
            ("Create Date", "تاريخ الإنشاء", stamp),
            ("Lifecycle Stage", "مرحلة دورة الحياة", every(10, "Lead", "Customer")),
            ("Became a Customer Date", "تاريخ التحول إلى عميل", stamp),
            ("Churn Date", "تاريخ المغادرة", lambda i: str(day(i) + timedelta(days=90)) if i % 6 == 0 else ""),
            ("Customer status", "حالة العميل", every(6, "Churned", "Active")),
            ("Annual Revenue", "الإيرادات السنوية", money),
            ("MRR", "الإيراد الشهري المتكرر", money),
            ("Industry", "القطاع", every(2, "Retail", "Travel")),
            ("Country/Region", "الدولة/المنطقة", const("Saudi Arabia")),
        ),
        words={"Customer": "عميل", "Lead": "عميل محتمل", "Churned": "مغادر", "Active": "نشط"},
        loaded=450,
        skipped=50,
        totals={"monthly_revenue": total(of=lambda i: i % 10 != 0)},
    ),
    "hubspot_deals": Export(
        table="orders",
        columns=(
            ("Record ID", "معرّف السجل", numbered("5")),
            ("Deal Name", "اسم الصفقة", numbered("Deal ")),
            ("Deal Stage", "مرحلة الصفقة", every(3, "Closed Lost (Sales Pipeline)", "Closed Won (Sales Pipeline)")),
            ("Close Date", "تاريخ الإغلاق", stamp),
            ("Amount", "المبلغ", money),
            ("Weighted amount", "المبلغ المرجح", const("1.00")),
            ("Currency", "العملة", const("SAR")),
            ("Deal owner", "مالك الصفقة", const("Sara")),
            ("Associated Company IDs", "معرفات الشركات المرتبطة", numbered("8")),
            ("Associated Company", "الشركة المرتبطة", numbered("Co ")),
        ),
        words={"Closed Lost (Sales Pipeline)": "مغلقة خاسرة", "Closed Won (Sales Pipeline)": "مغلقة رابحة"},
        loaded=count(lambda i: i % 3 != 0),
        skipped=count(lambda i: i % 3 == 0),
        totals={"amount": total(of=lambda i: i % 3 != 0)},
        currency="SAR",
    ),
    "salesforce_customers": Export(
        table="customers",
        columns=(
            ("Account Owner", "مالك الحساب", const("Sara")),
            ("Account Name", "اسم الحساب", numbered("Account ")),
            ("Type", "النوع", every(5, "Prospect", "Customer - Direct")),
            ("Annual Revenue", "الإيرادات السنوية", money),
            ("Billing Country", "بلد الفوترة", const("Saudi Arabia")),
            ("Created Date", "تاريخ الإنشاء", american),
            ("Churn Date", "تاريخ المغادرة", lambda i: american(i) if i % 7 == 0 else ""),
            ("Account ID", "معرّف الحساب", numbered("0015g00000")),
        ),
        words={"Prospect": "عميل محتمل"},
        footer='\n"Accounts for the board"\n"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n"Confidential Information - Do Not Distribute"\n"Generated By:  Sara  1/6/2026 9:12 AM"\n"Najd Home Services"\n',
        loaded=400,
        skipped=100,
    ),
    "salesforce_deals": Export(
        table="orders",
        columns=(
            ("Opportunity Owner", "مالك الفرصة", const("Sara")),
            ("Account Name", "اسم الحساب", numbered("Account ")),
            ("Opportunity Name", "اسم الفرصة", numbered("Renewal ")),
            ("Stage", "المرحلة", every(4, "Negotiation/Review", "Closed Won")),
            ("Fiscal Period", "الفترة المالية", const("Q1-2024")),
            ("Amount Currency", "عملة المبلغ", const("SAR")),
            ("Amount", "المبلغ", money),
            ("Probability (%)", "الاحتمالية (%)", const("100")),
            ("Close Date", "تاريخ الإغلاق", american),
            ("Created Date", "تاريخ الإنشاء", american),
        ),
        words={"Closed Won": "مغلقة رابحة", "Negotiation/Review": "تفاوض"},
        footer='\n"Won deals"\n"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n"Confidential Information - Do Not Distribute"\n"Generated By:  Sara  1/6/2026 9:12 AM"\n"Najd Home Services"\n',
        loaded=375,
        skipped=125,
        totals={"amount": total(of=lambda i: i % 4 != 0)},
        currency="SAR",
    ),
    "stripe_subscriptions": Export(
        table="customers",
        columns=(
            ("id", "المعرف", numbered("sub_")),
            ("Customer ID", "معرّف العميل", lambda i: f"cus_{i - i % 2 if i < 100 else i:05d}"),
            ("Plan", "الخطة", every(2, "pro", "basic")),
            ("Quantity", "الكمية", every(10, "3", "1")),
            ("Currency", "العملة", const("sar")),
            ("Interval", "الفترة", every(5, "year", "month")),
            ("Amount", "المبلغ", money),
            ("Status", "الحالة", every(8, "canceled", "active")),
            ("Created (UTC)", "تاريخ الإنشاء (UTC)", stamp),
            ("Start Date (UTC)", "تاريخ البدء (UTC)", stamp),
            ("Current Period End (UTC)", "نهاية الفترة الحالية (UTC)", stamp),
            ("Canceled At (UTC)", "تاريخ الإلغاء (UTC)", lambda i: stamp(i) if i % 4 == 0 else ""),
            (
                "Ended At (UTC)",
                "تاريخ الانتهاء (UTC)",
                lambda i: f"{day(i) + timedelta(days=60)} 10:00" if i % 8 == 0 else "",
            ),
        ),
        words={"year": "سنوي", "month": "شهري", "canceled": "ملغى", "active": "نشط"},
        loaded=450,
        skipped=50,
        totals={
            "monthly_revenue": total(
                of=lambda i: not (i < 100 and i % 8 == 0),
                times=lambda i: Decimal(3 if i % 10 == 0 else 1) / (12 if i % 5 == 0 else 1),
            )
        },
        currency="SAR",
    ),
    "stripe_invoices": Export(
        table="orders",
        columns=(
            ("id", "المعرف", numbered("in_")),
            ("Number", "رقم الفاتورة", numbered("A-")),
            ("Customer", "معرّف العميل", numbered("cus_")),
            ("Date (UTC)", "التاريخ (UTC)", stamp),
            ("Due Date (UTC)", "تاريخ الاستحقاق (UTC)", const("")),
            ("Amount Due", "المبلغ المستحق", money),
            ("Amount Paid", "المبلغ المدفوع", lambda i: "0.00" if i % 9 == 0 else money(i)),
            ("Subtotal", "المجموع الفرعي", const("1.00")),
            ("Tax", "الضريبة", const("")),
            ("Total", "الإجمالي", money),
            ("Currency", "العملة", const("sar")),
            ("Status", "الحالة", every(9, "open", "paid")),
        ),
        words={"paid": "مدفوعة", "open": "مفتوحة"},
        loaded=count(lambda i: i % 9 != 0),
        skipped=count(lambda i: i % 9 == 0),
        totals={"amount": total(of=lambda i: i % 9 != 0)},
        currency="SAR",
    ),
    "stripe_payments": Export(
        table="orders",
        columns=(
            ("id", "المعرّف", numbered("ch_")),
            ("Description", "الوصف", const("Subscription update")),
            ("Created date (UTC)", "تاريخ الإنشاء (UTC)", stamp),
            ("Amount", "المبلغ", money),
            ("Amount Refunded", "المبلغ المسترد", lambda i: money(i) if i % 7 == 1 else "0.00"),
            ("Currency", "العملة", const("sar")),
            ("Converted Amount", "المبلغ المحوّل", const("1.00")),
            ("Fee", "الرسوم", const("0.59")),
            ("Status", "الحالة", lambda i: "Failed" if i % 7 == 0 else "Refunded" if i % 7 == 1 else "Paid"),
            ("Customer ID", "معرّف العميل", numbered("cus_")),
            ("Captured", "تم التحصيل", const("TRUE")),
        ),
        words={"Paid": "مدفوع", "Failed": "فشل", "Refunded": "مسترد"},
        loaded=count(lambda i: i % 7 != 0),
        skipped=count(lambda i: i % 7 == 0),
        totals={"amount": total(of=lambda i: i % 7 != 0), "refund": total(of=lambda i: i % 7 == 1)},
        currency="SAR",
    ),
    "chargebee_subscriptions": Export(
        table="customers",
        columns=(
            ("subscriptions.id", "معرّف الاشتراك", numbered("sub")),
            ("customers.id", "معرّف العميل", numbered("cb")),
            ("customers.email", "البريد الإلكتروني", const("a@x.com")),
            ("subscriptions.plan_id", "معرف الخطة", every(2, "pro", "basic")),
            (
                "subscriptions.status",
                "حالة الاشتراك",
                lambda i: ("cancelled", "non_renewing", "active", "active", "future")[i % 5],
            ),
            ("subscriptions.started_at", "تاريخ البدء", stamp),
            (
                "subscriptions.cancelled_at",
                "تاريخ الإلغاء",
                lambda i: str(day(i) + timedelta(days=40)) if i % 5 < 2 else "",
            ),
            ("subscriptions.current_term_end", "نهاية الفترة الحالية", stamp),
            ("subscriptions.mrr", "الإيراد الشهري المتكرر", money),
            ("subscriptions.currency_code", "العملة", const("SAR")),
        ),
        words={"cancelled": "ملغى", "active": "نشط", "future": "مستقبلي", "non_renewing": "لن يتجدد"},
        loaded=400,
        skipped=100,
        totals={"monthly_revenue": total(of=lambda i: i % 5 != 4)},
        currency="SAR",
    ),
    "chargebee_invoices": Export(
        table="orders",
        columns=(
            ("invoices.id", "رقم الفاتورة", numbered("inv")),
            ("customers.id", "معرّف العميل", numbered("cb")),
            ("subscriptions.id", "معرّف الاشتراك", numbered("sub")),
            ("invoices.date", "تاريخ الفاتورة", lambda i: f"{day(i):%d-%b-%Y} 10:00"),
            ("invoices.status", "حالة الفاتورة", every(6, "voided", "paid")),
            ("invoices.total", "الإجمالي", money),
            ("invoices.amount_paid", "المبلغ المدفوع", money),
            ("invoices.currency_code", "العملة", const("SAR")),
        ),
        words={"paid": "مدفوعة", "voided": "ملغاة"},
        loaded=count(lambda i: i % 6 != 0),
        skipped=count(lambda i: i % 6 == 0),
        totals={"amount": total(of=lambda i: i % 6 != 0)},
        currency="SAR",
    ),
}
