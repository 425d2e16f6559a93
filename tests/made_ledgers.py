"""Ledgers as the usual systems write them, made here: about 500 lines each, with the total that a load has to reach."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

Rows = list[list[Any]]
ACCOUNTS = {
    "en": (("6410", "Customer training"), ("6420", "Contact centre software"), ("6430", "Customer research"), ("6440", "Loyalty programme"), ("6450", "Complaint handling")),
    "ar": (("6410", "تدريب خدمة العملاء"), ("6420", "برمجيات مركز الاتصال"), ("6430", "أبحاث العملاء"), ("6440", "برنامج الولاء"), ("6450", "معالجة الشكاوى")),
}  # fmt: skip
ACCOUNTS["de"] = (
    ("476000", "Schulung"),
    ("477100", "Software"),
    ("478200", "Agentur"),
    ("479000", "Marktforschung"),
    ("479100", "Reklamationen"),
)
TODAY = date(2025, 1, 1)


@dataclass(frozen=True)
class Posting:
    """One line of a ledger: what it says and what it amounts to, debit positive."""

    code: str
    name: str
    day: date
    amount: Decimal
    number: str
    memo: str


@dataclass
class Made:
    """A file as rows, with what a load must give."""

    rows: Rows
    total: Decimal
    lines: int
    accounts: int
    kind: str = "xlsx"
    delimiter: str = ","
    preset: str = ""


def postings(language: str, seed: int = 5, lines: int = 500) -> list[Posting]:
    """Return made postings by account and day, one in nine a credit."""
    chance, accounts = random.Random(seed), ACCOUNTS[language]
    each = lines // len(accounts)
    found = []
    for place, (code, name) in enumerate(accounts):
        for n in range(each):
            cents = Decimal(chance.randint(1_000, 9_000_000)) / 100
            sign = -1 if chance.random() < 1 / 9 else 1
            day = TODAY + timedelta(days=n * 364 // each)
            found.append(Posting(code, name, day, sign * cents, str(1000 + place * each + n), f"memo {n % 7}"))
    return found


def by_account(lines: list[Posting]) -> Iterator[tuple[str, str, list[Posting]]]:
    """Yield each account with its postings."""
    for code in dict.fromkeys(line.code for line in lines):
        own = [line for line in lines if line.code == code]
        yield code, own[0].name, own


def debit(amount: Decimal) -> Decimal | None:
    """Return the debit side of an amount."""
    return amount if amount > 0 else None


def credit(amount: Decimal) -> Decimal | None:
    """Return the credit side of an amount."""
    return -amount if amount < 0 else None


def sides(lines: list[Posting]) -> tuple[Decimal, Decimal]:
    """Return what debits and credits add up to."""
    return sum((debit(x.amount) or Decimal(0) for x in lines), Decimal(0)), sum(
        (credit(x.amount) or Decimal(0) for x in lines), Decimal(0)
    )


def english(amount: Decimal | None) -> str:
    """Return an amount as 1,234.50."""
    return "" if amount is None else f"{amount:,.2f}"


def german(amount: Decimal) -> str:
    """Return an amount as 1.234,50-."""
    text = f"{abs(amount):,.2f}".translate(str.maketrans(",.", ".,"))
    return f"{text}-" if amount < 0 else text


def _made(rows: Rows, lines: list[Posting], preset: str, **more: Any) -> Made:
    return Made(
        rows,
        sum((x.amount for x in lines), Decimal(0)),
        len(lines),
        len({x.code for x in lines}),
        preset=preset,
        **more,
    )


def quickbooks_online(language: str) -> Made:
    """Transaction Detail by Account: names in the first column, sub-accounts indented, totals, a running balance; CSV."""
    lines = postings(language)
    words = {
        "en": (("", "Date", "Transaction Type", "Num", "Name", "Memo/Description", "Split", "Amount", "Balance"), "Customer experience", "Total for {}", "Accounts Payable (A/P)", "Beginning Balance"),
        "ar": (("", "التاريخ", "نوع المعاملة", "الرقم", "الاسم", "المذكرة/الوصف", "تقسيم", "المبلغ", "الرصيد"), "تجربة العملاء", "إجمالي {}", "حسابات دائنة", "الرصيد الافتتاحي"),
    }[language]  # fmt: skip
    rows: Rows = [
        ["Najd LLC"],
        ["Transaction Detail by Account"],
        ["January - December 2025"],
        [],
        list(words[0]),
        [words[1], *[""] * 8],
    ]
    for _, name, own in by_account(lines):
        rows += [[f"   {name}", *[""] * 8], ["", words[4], *[""] * 6, "120.00"]]
        balance = Decimal(120)
        for x in own:
            balance += x.amount
            rows.append(
                [
                    "",
                    f"{x.day:%m/%d/%Y}",
                    "Bill",
                    x.number,
                    "Zenith",
                    x.memo,
                    words[3],
                    english(x.amount),
                    english(balance),
                ]
            )
        rows.append([f"   {words[2].format(name)}", *[""] * 6, english(sum(x.amount for x in own)), ""])
    rows.append([words[2].format(words[1]), *[""] * 6, english(sum(x.amount for x in lines)), ""])
    rows += [[], ["Thursday, Jan 15, 2026 09:12:33 AM GMT+03:00 - Accrual Basis"]]
    return _made(rows, lines, "quickbooks_ledger", kind="csv")


def quickbooks_desktop(language: str) -> Made:
    """General Ledger of the desktop: names at two depths with a balance beside them, debit and credit, a last TOTAL."""
    lines = postings(language)
    head = {
        "en": ("", "", "Type", "Date", "Num", "Adj", "Name", "Memo", "Split", "Debit", "Credit", "Balance"),
        "ar": ("", "", "النوع", "التاريخ", "الرقم", "تسوية", "الاسم", "المذكرة", "التقسيم", "مدين", "دائن", "الرصيد"),
    }[language]
    total = {"en": "Total", "ar": "إجمالي"}[language]
    rows: Rows = [list(head), ["6400 · CX", *[None] * 10, 250.0]]
    for code, name, own in by_account(lines):
        rows.append([None, f"{code} · {name}", *[None] * 9, 50.0])
        balance = Decimal(50)
        for x in own:
            balance += x.amount
            rows.append(
                [
                    None,
                    None,
                    "Bill",
                    x.day,
                    x.number,
                    None,
                    "Zenith",
                    x.memo,
                    "2000 · Accounts Payable",
                    debit(x.amount),
                    credit(x.amount),
                    balance,
                ]
            )
        rows.append([None, f"{total} {code} · {name}", *[None] * 7, *sides(own), balance])
    rows += [[None, "6490 · Other", *[None] * 9, 0.0], [None, f"{total} 6490 · Other", *[None] * 9, 0.0]]
    rows.append([f"{total} 6400 · CX", None, *[None] * 7, *sides(lines), sum(x.amount for x in lines) + 250])
    rows.append(
        [
            "TOTAL" if language == "en" else "المجموع",
            None,
            *[None] * 7,
            *sides(lines),
            sum(x.amount for x in lines) + 250,
        ]
    )
    return _made(rows, lines, "quickbooks_ledger")


def xero(language: str) -> Made:
    """Account Transactions: names above, opening and closing balances, net movement, gross and tax beside."""
    lines = postings(language)
    words = {
        "en": (("Date", "Source", "Description", "Reference", "Debit", "Credit", "Running Balance", "Gross", "VAT"), "Opening Balance", "Closing Balance", "Net movement", "Total"),
        "ar": (("التاريخ", "المصدر", "الوصف", "المرجع", "مدين", "دائن", "الرصيد الجاري", "الإجمالي", "الضريبة"), "الرصيد الافتتاحي", "الرصيد الختامي", "صافي الحركة", "إجمالي"),
    }[language]  # fmt: skip
    rows: Rows = [["Account Transactions"], ["Najd LLC"], ["For the year ended 31 December 2025"], [], list(words[0])]
    for code, name, own in by_account(lines):
        rows += [[f"{name} ({code})"], [words[1], None, None, None, None, None, 10.0]]
        balance = Decimal(10)
        for x in own:
            balance += x.amount
            rows.append(
                [
                    x.day,
                    "Payable Invoice",
                    x.memo,
                    x.number,
                    debit(x.amount) or 0,
                    credit(x.amount) or 0,
                    balance,
                    abs(x.amount) * Decimal("1.15"),
                    Decimal("0.15") * abs(x.amount),
                ]
            )
        rows.append([f"{words[4]} {name} ({code})", None, None, None, *sides(own)])
        rows += [
            [words[3], None, None, None, sum(x.amount for x in own)],
            [words[2], None, None, None, None, None, balance],
            [],
        ]
    rows.append([words[4], None, None, None, *sides(lines)])
    return _made(rows, lines, "xero_account_transactions")


def netsuite(language: str) -> Made:
    """General Ledger with accounts in the lines by company, an overall total, or (Arabic) a saved search as CSV."""
    lines = postings(language)
    if language == "en":
        rows: Rows = [
            ["Najd Holding"],
            ["Parent Company : Najd Retail"],
            ["General Ledger"],
            ["From Jan 2025 to Dec 2025"],
            [],
        ]
        rows.append(
            [
                "Account",
                "Type",
                "Date",
                "Document Number",
                "Name",
                "Memo",
                "Amount (Debit)",
                "Amount (Credit)",
                "Amount (Net)",
                "Balance",
            ]
        )
        balance = Decimal(0)
        for code, name, own in by_account(lines):
            for x in own:
                balance += x.amount
                rows.append(
                    [
                        f"6400 - CX : {code} - {name}",
                        "Bill",
                        x.day,
                        x.number,
                        "Vendor",
                        x.memo,
                        debit(x.amount),
                        credit(x.amount),
                        x.amount,
                        balance,
                    ]
                )
            rows.append([f"Total - {code} - {name}", *[None] * 5, *sides(own), sum(x.amount for x in own)])
        rows.append(["Total", *[None] * 5, *sides(lines), sum(x.amount for x in lines)])
        return _made(rows, lines, "netsuite_ledger")
    head = [
        "التاريخ",
        "الفترة",
        "النوع",
        "رقم المستند",
        "الاسم",
        "الحساب",
        "المذكرة",
        "المبلغ (مدين)",
        "المبلغ (دائن)",
        "القسم",
        "الشركة التابعة",
    ]
    rows = [head]
    for x in lines:
        rows.append(
            [
                f"{x.day:%d/%m/%Y}",
                f"{x.day:%b %Y}",
                "فاتورة",
                x.number,
                "زينيث",
                f"{x.code} {x.name}",
                x.memo,
                english(debit(x.amount)),
                english(credit(x.amount)),
                "العناية",
                f"شركة {int(x.number) % 2}",
            ]
        )
    return _made(rows, lines, "netsuite_ledger", kind="csv")


def sap_ksb1(language: str) -> Made:
    """KSB1 with the stars of its subtotals, German or English or Arabic."""
    lines = postings(language)
    head = {
        "de": ("", "Kostenart", "Kostenartenbezeichn.", "Buchungsdatum", "Belegnummer", "Wert/BWähr", "Bezeichnung", "Menge erfasst gesamt"),
        "en": ("", "Cost Element", "Cost element name", "Posting Date", "Document Number", "Val/COArea Crcy", "Name", "Total quantity"),
        "ar": ("", "عنصر التكلفة", "اسم عنصر التكلفة", "تاريخ الترحيل", "رقم المستند", "القيمة بعملة نطاق المراقبة", "البيان", "الكمية الإجمالية"),
    }[language]  # fmt: skip
    shown: Callable[[Decimal], Any] = german if language == "de" else float
    day: Callable[[date], Any] = (lambda d: f"{d:%d.%m.%Y}") if language == "de" else (lambda d: d)
    rows: Rows = [
        ["Kostenstellen Einzelposten Ist"],
        ["Kostenstelle", "4711 CX"],
        ["Berichtswährung", "SAR"],
        [],
        list(head),
    ]
    for code, name, own in by_account(lines):
        rows += [[None, code, name, day(x.day), f"50{x.number}", shown(x.amount), x.memo, None] for x in own]
        rows.append(["*", code, name, None, None, shown(sum(x.amount for x in own)), None, None])
    rows.append(["**", None, None, None, None, shown(sum(x.amount for x in lines)), None, None])
    return _made(rows, lines, "sap_cost_line_items")


def sap_fagll03(language: str) -> Made:
    """FAGLL03, FBL3N: accounts in the lines, a last row with the sum and the currency alone; German as a text with semicolons."""
    lines = postings(language)
    head = {
        "en": ("G/L Account", "Company Code", "Assignment", "Document Number", "Document Type", "Posting Date", "Posting Key", "Amount in local currency", "Local Currency", "Text", "Cost Center"),
        "de": ("Sachkonto", "Buchungskreis", "Zuordnung", "Belegnummer", "Belegart", "Buchungsdatum", "Buchungsschlüssel", "Betrag in Hauswährung", "Hauswährung", "Text", "Kostenstelle"),
        "ar": ("حساب الأستاذ العام", "رمز الشركة", "التخصيص", "رقم المستند", "نوع المستند", "تاريخ الترحيل", "مفتاح الترحيل", "المبلغ بالعملة المحلية", "العملة المحلية", "النص", "مركز التكلفة"),
    }[language]  # fmt: skip
    is_german = language == "de"
    rows: Rows = [list(head)]
    for x in lines:
        day = f"{x.day:%d.%m.%Y}" if is_german else x.day
        rows.append(
            [
                x.code,
                "1000",
                "A1",
                f"19{x.number}",
                "KR",
                day,
                "40" if x.amount > 0 else "50",
                german(x.amount) if is_german else x.amount,
                "SAR",
                x.memo,
                "CX-100",
            ]
        )
    last = sum(x.amount for x in lines)
    rows.append([*[""] * 7, german(last) if is_german else last, "SAR", "", ""])
    return _made(rows, lines, "sap_gl_line_items", kind="csv" if is_german else "xlsx", delimiter=";")


def sap_s4(language: str) -> Made:
    """Display Line Items in General Ledger, code and long text of the account in two columns."""
    lines = postings(language)
    head = {
        "en": ("Company Code", "G/L Account", "G/L Account Long Text", "Fiscal Year", "Journal Entry", "Posting Date", "Journal Entry Type", "Amount in Company Code Currency", "Company Code Currency", "Journal Entry Item Text"),
        "de": ("Buchungskreis", "Sachkonto", "Sachkonto Langtext", "Geschäftsjahr", "Journalbuchung", "Buchungsdatum", "Belegart", "Betrag in Buchungskreiswährung", "Buchungskreiswährung", "Positionstext"),
        "ar": ("رمز الشركة", "حساب الأستاذ العام", "وصف حساب الأستاذ العام", "السنة المالية", "قيد اليومية", "تاريخ الترحيل", "نوع قيد اليومية", "المبلغ بعملة رمز الشركة", "عملة رمز الشركة", "نص البند"),
    }[language]  # fmt: skip
    rows: Rows = [list(head)]
    rows += [["1000", x.code, x.name, "2025", x.number, x.day, "KR", x.amount, "SAR", x.memo] for x in lines]
    return _made(rows, lines, "sap_gl_line_items")


def oracle(language: str) -> Made:
    """Account Analysis: entered and accounted debit and credit, balances, a period instead of a date."""
    lines = postings(language)
    head = {
        "en": ("Ledger Name", "Period Name", "Account Combination", "Account Description", "Journal Source", "Journal Category", "Journal Name", "Line Description", "Entered Currency", "Entered DR", "Entered CR", "Accounted DR", "Accounted CR", "Ending Balance"),
        "ar": ("اسم دفتر الأستاذ", "اسم الفترة", "تركيبة الحساب", "وصف الحساب", "مصدر اليومية", "فئة اليومية", "اسم اليومية", "وصف السطر", "عملة الإدخال", "المدين المدخل", "الدائن المدخل", "المدين المحاسبي", "الدائن المحاسبي", "الرصيد الختامي"),
    }[language]  # fmt: skip
    rows: Rows = [["Account Analysis"], ["Najd Ledger"], [], list(head)]
    for x in lines:
        foreign = x.amount / 4
        rows.append(
            [
                "Najd",
                f"{x.day:%b-%y}",
                f"01-000-{x.code}-0000",
                x.name,
                "Payables",
                "Purchase Invoices",
                "J1",
                x.memo,
                "USD",
                debit(foreign),
                credit(foreign),
                debit(x.amount),
                credit(x.amount),
                100.0,
            ]
        )
    return _made(rows, lines, "oracle_account_analysis")


def trial_balance(language: str) -> Made:
    """A hierarchy whose parents repeat their accounts, opening, movement and closing balances, the month in the title."""
    chance, levels = random.Random(3), {"en": ("Account", "Account name", "Opening balance", "Debit", "Credit", "Closing balance"), "ar": ("رقم الحساب", "اسم الحساب", "الرصيد الافتتاحي", "مدين", "دائن", "الرصيد الختامي")}[language]  # fmt: skip
    title = {"en": "Trial balance for the month ended 31 March 2025", "ar": "ميزان المراجعة لشهر مارس 2025"}[language]
    rows: Rows = [[title], [], list(levels)]
    total, count, top = Decimal(0), 0, Decimal(0)
    for first in range(61, 66):
        block, inner = [], [Decimal(0), Decimal(0), Decimal(0)]
        for second in range(10):
            kids = []
            for third in range(10):
                money = [
                    Decimal(chance.randint(0, 90_000)) / 100,
                    Decimal(chance.randint(100, 9_000_000)) / 100,
                    Decimal(chance.randint(0, 90_000)) / 100,
                ]
                kids.append(
                    [
                        f"{first}{second}{third}",
                        f"    account {first}{second}{third}",
                        money[0],
                        money[1],
                        money[2],
                        money[0] + money[1] - money[2],
                    ]
                )
            sums = [sum((row[k] for row in kids), Decimal(0)) for k in (2, 3, 4)]
            block += [[f"{first}{second}", f"  group {first}{second}", *sums, sums[0] + sums[1] - sums[2]], *kids]
            inner = [a + b for a, b in zip(inner, sums, strict=True)]
            count += len(kids)
        rows += [[f"{first}", f"class {first}", *inner, inner[0] + inner[1] - inner[2]], *block]
        total += inner[1] - inner[2]
        top += inner[0] + inner[1] - inner[2]
    return Made(rows, total, count, count)


def xero_trial_balance(language: str) -> Made:
    """Xero's trial balance: the month's debit and credit beside those since the start of the year, by class of account."""
    words = {
        "en": ("Account", "Debit", "Credit", "YTD Debit", "YTD Credit", "Expenses", "Total", "For the month ended 31 March 2025"),
        "ar": ("الحساب", "مدين", "دائن", "مدين منذ بداية السنة", "دائن منذ بداية السنة", "المصروفات", "الإجمالي", "عن شهر مارس 2025"),
    }[language]  # fmt: skip
    chance = random.Random(4)
    money = [Decimal(chance.randint(100, 9_000_000)) / 100 for _ in range(500)]
    rows: Rows = [["Trial Balance"], ["Najd"], [words[7]], [], list(words[:5]), [words[5]]]
    rows += [[f"{words[0]} {n} (6{n:03d})", amount, None, 3 * amount, None] for n, amount in enumerate(money)]
    total = sum(money, Decimal(0))
    rows.append([words[6], total, None, 3 * total, None])
    return Made(rows, total, 500, 500, preset="xero_trial_balance")


def profit_and_loss(language: str) -> Made:
    """Profit and loss by month: income that is no cost, sections with totals, gross profit and net income."""
    chance = random.Random(9)
    words = {
        "en": ("Profit and Loss", "Income", "Cost of Goods Sold", "Gross Profit", "Expenses", "Net Income", "Total {}", "Total", "Services"),
        "ar": ("قائمة الأرباح والخسائر", "الإيرادات", "تكلفة المبيعات", "مجمل الربح", "المصروفات", "صافي الربح", "إجمالي {}", "الإجمالي", "خدمات"),
    }[language]  # fmt: skip
    months = [f"{m} 2025" for m in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")]
    rows: Rows = [["Najd LLC"], [words[0]], ["January - December 2025"], [], [None, *months, words[7]]]

    def block(name: str, accounts: list[str]) -> list[Decimal]:
        rows.append([name])
        sums = [Decimal(0)] * 13
        for account in accounts:
            money = [Decimal(chance.randint(1_000, 900_000)) / 100 for _ in months]
            money.append(sum(money, Decimal(0)))
            rows.append([f"   {account}", *money])
            sums = [a + b for a, b in zip(sums, money, strict=True)]
        rows.append([words[6].format(name), *sums])
        return sums

    income = block(words[1], [f"{words[8]} {n}" for n in range(3)])
    sold = block(words[2], [f"{words[8]} C{n}" for n in range(2)])
    rows.append([words[3], *[a - b for a, b in zip(income, sold, strict=True)]])
    spent = block(
        words[4], [f"{code} {name}" for code, name in ACCOUNTS[language]] + [f"66{n} {words[8]}" for n in range(10, 45)]
    )
    rows.append([words[5], *[a - b - c for a, b, c in zip(income, sold, spent, strict=True)]])
    return Made(rows, sold[12] + spent[12], 12 * 42, 42)


@dataclass(frozen=True)
class System:
    """A layout and the languages it is made in."""

    make: Callable[[str], Made]
    languages: tuple[str, ...] = field(default=("en", "ar"))


SYSTEMS = (
    System(quickbooks_online),
    System(quickbooks_desktop),
    System(xero),
    System(netsuite),
    System(sap_ksb1, ("en", "de", "ar")),
    System(sap_fagll03, ("en", "de", "ar")),
    System(sap_s4, ("en", "de", "ar")),
    System(oracle),
    System(trial_balance),
    System(xero_trial_balance),
    System(profit_and_loss),
)
ALL = [(system.make, language) for system in SYSTEMS for language in system.languages]


def write(made: Made, folder: Path, name: str) -> Path:
    """Write the rows as a workbook or a text file."""
    if made.kind == "csv":
        path = folder / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter=made.delimiter).writerows(made.rows)
        return path
    path = folder / f"{name}.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet, days = book.add_worksheet("Report"), book.add_format({"num_format": "yyyy-mm-dd"})
    for i, row in enumerate(made.rows):
        for j, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(i, j, cell, days)
            elif isinstance(cell, str):
                sheet.write_string(i, j, cell)
            elif cell is not None:
                sheet.write_number(i, j, float(cell))
    book.close()
    return path
