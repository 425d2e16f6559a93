"""The tables a person can upload, each declared once: for reading, validation, mapping, help, templates and tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What a column holds; it fixes the Parquet type, how text is read, and what is rejected."""

    TEXT = "text"  # VARCHAR, ids included: 000123, NA and NULL stay as they are
    DATE = "date"  # DATE
    MONTH = "month"  # DATE, the first day
    MONEY = "money"  # DECIMAL(18,3): three decimals, because dinars have them
    COUNT = "count"  # BIGINT, >= 0
    NUMBER = "number"  # DOUBLE
    SCORE = "score"  # DOUBLE, on the scale of its metric
    FLAG = "flag"  # BOOLEAN
    CHOICE = "choice"  # VARCHAR, one of `choices`


SQL_TYPE = {
    Kind.TEXT: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.MONTH: "DATE",
    Kind.MONEY: "DECIMAL(18,3)",
    Kind.COUNT: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.SCORE: "DOUBLE",
    Kind.FLAG: "BOOLEAN",
    Kind.CHOICE: "VARCHAR",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column; its meaning in both languages stands in the text catalogues under `table.<table>.<name>`."""

    name: str
    kind: Kind
    required: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()
    personal: bool = False
    english: tuple[str, ...] = ()  # headings that people use for it
    arabic: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: its grain, its columns, and which alternative columns satisfy what is required."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()  # unique where given
    one_of: tuple[tuple[str, ...], ...] = ()  # at least one column of each group

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)


def _column(name: str, kind: Kind, synonyms: str = "", **more: object) -> Column:
    """Build a column; `synonyms` holds English headings before the bar and Arabic ones after it."""
    english, _, arabic = synonyms.partition("|")
    words = {"english": _split(english), "arabic": _split(arabic)}
    return Column(name=name, kind=kind, **words, **more)  # type: ignore[arg-type]


def _split(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",") if word.strip())


_CUSTOMER = (
    "customer, customer id, client, client id, account, account id, account number, customer no, customer number, cust id,"
    " custid, subscriber, subscriber id, member id, user id, buyer id, policy holder, customer code"
    "| العميل, رقم العميل, معرف العميل, كود العميل, رمز العميل, رقم الحساب, الزبون, رقم الزبون, المشترك, رقم المشترك, رقم العضوية"
)
_SEGMENT = (
    "segment, customer segment, tier, customer group, customer type, cluster, client segment"
    "| الشريحة, شريحة, شريحة العملاء, الفئة, فئة العميل, نوع العميل, مجموعة العملاء"
)
_CHANNEL = (
    "channel, sales channel, source channel, contact channel, medium, platform"
    "| القناة, قناة, قناة البيع, قناة التواصل, قناة الاتصال, المنصة"
)
_TOUCHPOINT = "touchpoint, touch point, cx touchpoint, interaction point, moment| نقطة التواصل, نقطة التماس, نقطة الاتصال, نقطة التفاعل"
_OWNER = (
    "owner, responsible, cost owner, manager, department, budget owner| المسؤول, المالك, صاحب الميزانية, الإدارة, القسم"
)
_STATUS = "status, state, customer status, account status| الحالة, حالة العميل, حالة الحساب, الوضع"

CATEGORIES = ("people", "technology", "process", "training", "research", "agency", "compensation", "other")

_TABLES = (
    Table(
        name="customers",
        key=("customer_id",),
        one_of=(("joined_on", "tenure_months"),),
        columns=(
            _column("customer_id", Kind.TEXT, _CUSTOMER, required=True, personal=True),
            _column(
                "joined_on",
                Kind.DATE,
                "joined, join date, joining date, start date, signup date, sign up date, registration date, created on,"
                " created at, customer since, activation date, acquired on, first purchase date, onboarding date"
                "| تاريخ الانضمام, تاريخ الاشتراك, تاريخ التسجيل, تاريخ البداية, تاريخ البدء, تاريخ فتح الحساب, تاريخ التفعيل,"
                " عميل منذ",
            ),
            _column(
                "left_on",
                Kind.DATE,
                "left, leave date, end date, churn date, churned on, cancelled on, cancellation date, closed on, exit date,"
                " termination date, contract end, deactivation date"
                "| تاريخ المغادرة, تاريخ الإلغاء, تاريخ الانتهاء, تاريخ النهاية, تاريخ الإغلاق, تاريخ فقدان العميل, تاريخ التوقف",
            ),
            _column(
                "tenure_months",
                Kind.NUMBER,
                "tenure, tenure months, months with us, customer age months, months on book"
                "| مدة الاشتراك, مدة العلاقة, عدد الأشهر, مدة العضوية, أشهر الاشتراك",
                unit="months",
            ),
            _column("status", Kind.TEXT, _STATUS + ", نشط"),
            _column("segment", Kind.TEXT, _SEGMENT),
            _column(
                "region",
                Kind.TEXT,
                "region, city, area, country, territory, branch| المنطقة, المدينة, الإقليم, الدولة, الفرع",
            ),
            _column("channel", Kind.TEXT, _CHANNEL + ", قناة الاكتساب"),
            _column(
                "monthly_revenue",
                Kind.MONEY,
                "monthly revenue, monthly charges, monthly charge, mrr, monthly fee, arpu, monthly value, subscription fee"
                "| الإيراد الشهري, الرسوم الشهرية, الاشتراك الشهري, متوسط الإيراد, القيمة الشهرية",
                unit="money per month",
            ),
            _column(
                "acquisition_cost",
                Kind.MONEY,
                "acquisition cost, cac, customer acquisition cost, cost of acquisition"
                "| تكلفة الاكتساب, تكلفة اكتساب العميل, تكلفة الاستحواذ",
                unit="money",
            ),
        ),
    ),
    Table(
        name="orders",
        columns=(
            _column("customer_id", Kind.TEXT, _CUSTOMER, required=True, personal=True),
            _column(
                "ordered_on",
                Kind.DATE,
                "order date, date, purchase date, ordered at, transaction date, invoice date, sale date, order day, day,"
                " order purchase timestamp, purchased on, timestamp, invoicedate, order time"
                "| تاريخ الطلب, التاريخ, تاريخ الشراء, تاريخ العملية, تاريخ الفاتورة, تاريخ البيع, تاريخ المعاملة",
                required=True,
            ),
            _column(
                "amount",
                Kind.MONEY,
                "amount, order amount, revenue, sales, total, value, order value, net amount, gross amount, price, payment value,"
                " sales value, spend, total amount, order total, invoice amount, net sales, turnover"
                "| المبلغ, مبلغ, القيمة, قيمة الطلب, الإيراد, المبيعات, الإجمالي, قيمة الفاتورة, صافي المبلغ, مبلغ الطلب, السعر,"
                " قيمة العملية",
                required=True,
                unit="money",
            ),
            _column(
                "order_id",
                Kind.TEXT,
                "order, order id, order no, order number, invoice, invoice no, invoice number, transaction id, basket id,"
                " receipt no, invoiceno, order code| رقم الطلب, معرف الطلب, رقم الفاتورة, رقم العملية, رقم المعاملة",
            ),
            _column("quantity", Kind.NUMBER, "quantity, qty, units, items, cds, pieces| الكمية, عدد الوحدات, العدد"),
            _column(
                "unit_price", Kind.MONEY, "unit price, item price, price per unit| سعر الوحدة, سعر القطعة", unit="money"
            ),
            _column(
                "variable_cost",
                Kind.MONEY,
                "variable cost, cogs, cost of goods, cost of goods sold, unit cost, product cost, cost"
                "| التكلفة المتغيرة, تكلفة البضاعة, تكلفة البضاعة المباعة, تكلفة المبيعات",
                unit="money",
            ),
            _column(
                "margin",
                Kind.MONEY,
                "margin, contribution margin, gross margin, gross profit, profit| هامش المساهمة, الهامش, هامش الربح, الربح",
                unit="money",
            ),
            _column(
                "discount", Kind.MONEY, "discount, discount amount, rebate| الخصم, مبلغ الخصم, التخفيض", unit="money"
            ),
            _column(
                "refund",
                Kind.MONEY,
                "refund, refund amount, refunded, returns| المسترد, المبلغ المسترد, المرتجع, الاسترجاع",
                unit="money",
            ),
            _column("segment", Kind.TEXT, _SEGMENT),
            _column("channel", Kind.TEXT, _CHANNEL),
        ),
    ),
    Table(
        name="surveys",
        columns=(
            _column(
                "answered_on",
                Kind.DATE,
                "answered on, answer date, response date, survey date, date, submitted at, responded at, completed on,"
                " date submitted, creation date, review date, timestamp"
                "| تاريخ الإجابة, تاريخ الاستبيان, تاريخ الرد, تاريخ الاستطلاع, التاريخ, تاريخ التقييم",
                required=True,
            ),
            _column(
                "score",
                Kind.SCORE,
                "score, rating, answer, response, value, nps score, csat score, ces score, nps, csat, ces, review score,"
                " likelihood to recommend, satisfaction, satisfaction score, overall score, stars, grade"
                "| الدرجة, التقييم, درجة التقييم, النتيجة, الإجابة, درجة الرضا, الرضا, احتمال التوصية, عدد النجوم",
                required=True,
            ),
            _column(
                "metric",
                Kind.CHOICE,
                "metric, measure, survey type, question type, kpi, survey| المقياس, المؤشر, نوع الاستبيان, نوع القياس",
                choices=("nps", "csat", "ces"),
            ),
            _column("customer_id", Kind.TEXT, _CUSTOMER + ", respondent id, respondent", personal=True),
            _column("touchpoint", Kind.TEXT, _TOUCHPOINT),
            _column(
                "journey_stage",
                Kind.TEXT,
                "journey stage, stage, phase, customer journey| مرحلة الرحلة, المرحلة, مرحلة رحلة العميل",
            ),
            _column("channel", Kind.TEXT, _CHANNEL),
            _column("segment", Kind.TEXT, _SEGMENT),
            _column(
                "comment",
                Kind.TEXT,
                "comment, comments, verbatim, feedback, review, text, remark, open answer, review comment message"
                "| التعليق, تعليق, الملاحظات, الملاحظة, رأي العميل, التعليقات",
                personal=True,
            ),
            _column("language", Kind.TEXT, "language, lang, locale| اللغة, لغة"),
            _column("weight", Kind.NUMBER, "weight, survey weight, sample weight| الوزن, وزن العينة"),
            _column(
                "scale_max", Kind.NUMBER, "scale max, scale, out of, max score| المقياس الأقصى, من أصل, الدرجة القصوى"
            ),
        ),
    ),
    Table(
        name="contacts",
        key=("contact_id",),
        columns=(
            _column(
                "opened_on",
                Kind.DATE,
                "opened on, opened, opened at, open date, created, created at, created on, contact date, ticket date, case date,"
                " call date, date, date received, start time, creation date, reported on"
                "| تاريخ الفتح, تاريخ البلاغ, تاريخ التذكرة, تاريخ التواصل, تاريخ الاتصال, تاريخ الإنشاء, تاريخ الشكوى, التاريخ",
                required=True,
            ),
            _column("customer_id", Kind.TEXT, _CUSTOMER, personal=True),
            _column(
                "contact_id",
                Kind.TEXT,
                "contact, contact id, ticket, ticket id, ticket number, case, case id, case number, complaint id, call id, incident"
                "| رقم التذكرة, رقم البلاغ, رقم الحالة, رقم الشكوى, رقم الاتصال, معرف التذكرة",
            ),
            _column(
                "closed_on",
                Kind.DATE,
                "closed on, closed, closed at, close date, resolved on, resolved at, resolution date, solved at"
                "| تاريخ الإغلاق, تاريخ الحل, تاريخ المعالجة",
            ),
            _column("channel", Kind.TEXT, _CHANNEL + ", submitted via, وسيلة التواصل"),
            _column(
                "topic",
                Kind.TEXT,
                "topic, reason, issue, category, contact reason, subject, case reason, ticket type, product, issue type"
                "| الموضوع, السبب, سبب التواصل, نوع المشكلة, التصنيف, نوع الطلب, نوع الشكوى",
            ),
            _column("touchpoint", Kind.TEXT, _TOUCHPOINT),
            _column(
                "cost",
                Kind.MONEY,
                "cost, contact cost, cost per contact, handling cost, ticket cost| التكلفة, تكلفة التواصل, تكلفة المعالجة, تكلفة التذكرة",
                unit="money",
            ),
            _column(
                "handle_minutes",
                Kind.NUMBER,
                "handle minutes, handle time, handling time, aht, duration minutes, talk time, minutes"
                "| دقائق المعالجة, وقت المعالجة, مدة المكالمة, المدة بالدقائق, زمن المعالجة",
                unit="minutes",
            ),
            _column(
                "resolved_first_time",
                Kind.FLAG,
                "resolved first time, first contact resolution, fcr, resolved on first contact, first time fix"
                "| الحل من أول مرة, الحل من أول تواصل, تم الحل من المرة الأولى",
            ),
            _column(
                "satisfaction",
                Kind.NUMBER,
                "satisfaction, csat, rating, satisfaction rating, customer satisfaction rating| الرضا, درجة الرضا, التقييم",
            ),
            _column("segment", Kind.TEXT, _SEGMENT),
        ),
    ),
    Table(
        name="costs",
        columns=(
            _column(
                "period",
                Kind.MONTH,
                "period, month, date, posting date, cost date, invoice date, fiscal period, accounting period, booking date,"
                " posting period, year month, document date, transaction date"
                "| الفترة, الشهر, التاريخ, تاريخ القيد, تاريخ الفاتورة, الفترة المالية, تاريخ الترحيل, شهر",
                required=True,
            ),
            _column(
                "amount",
                Kind.MONEY,
                "amount, cost, spend, actual, actual amount, value, expense, total cost, net amount, cost amount, expenditure,"
                " spending, actual cost, actual spend, actuals, total, debit, cx spend, invoice amount"
                "| المبلغ, مبلغ, التكلفة, القيمة, الإنفاق, المصروف, الفعلي, المصروفات, المبلغ الفعلي, إجمالي التكلفة, الإجمالي",
                required=True,
                unit="money",
            ),
            _column(
                "initiative",
                Kind.TEXT,
                "initiative, project, programme, program, investment line, line, campaign, workstream, line item, cost item, item,"
                " activity| المبادرة, المشروع, البرنامج, بند الاستثمار, البند, اسم المبادرة, النشاط",
            ),
            _column(
                "category",
                Kind.CHOICE,
                "category, cost category, cost type, expense type, account name, gl account, type, cost group"
                "| الفئة, فئة التكلفة, نوع التكلفة, نوع المصروف, التصنيف, اسم الحساب, تصنيف التكلفة",
                choices=CATEGORIES,
            ),
            _column(
                "kind",
                Kind.CHOICE,
                "kind, capex opex, capex or opex, opex capex, expenditure type, capex/opex, opex/capex"
                "| رأسمالي أو تشغيلي, نوع الإنفاق, رأسمالي/تشغيلي, طبيعة الإنفاق",
                choices=("capex", "opex"),
            ),
            _column("touchpoint", Kind.TEXT, _TOUCHPOINT),
            _column("segment", Kind.TEXT, _SEGMENT),
            _column("owner", Kind.TEXT, _OWNER + ", cost center, cost centre, مركز التكلفة"),
            _column("currency", Kind.TEXT, "currency, ccy, currency code, curr| العملة, عملة, رمز العملة"),
            _column(
                "budget_amount",
                Kind.MONEY,
                "budget, budget amount, planned, plan, planned amount, budgeted, budget cost"
                "| الميزانية, الموازنة, المخطط, المبلغ المخطط, مبلغ الميزانية, المبلغ المعتمد",
                unit="money",
            ),
            _column(
                "invoice_id",
                Kind.TEXT,
                "invoice, invoice id, invoice no, invoice number, document, document no, voucher, reference, doc number"
                "| رقم الفاتورة, رقم المستند, المرجع, رقم القيد, رقم السند",
            ),
            _column(
                "note",
                Kind.TEXT,
                "note, notes, description, details, comment, memo, remarks, text, narration"
                "| ملاحظة, ملاحظات, الوصف, البيان, التفاصيل, الشرح",
            ),
            _column(
                "is_cx",
                Kind.FLAG,
                "is cx, cx, customer experience, cx related, cx flag| تجربة العملاء, ضمن تجربة العملاء",
            ),
            _column(
                "one_off",
                Kind.FLAG,
                "one off, one-off, one time, non recurring, oneoff| لمرة واحدة, غير متكرر, تكلفة لمرة واحدة",
            ),
        ),
    ),
    Table(
        name="initiatives",
        key=("name",),
        columns=(
            _column(
                "name",
                Kind.TEXT,
                "name, initiative, initiative name, project, project name, programme| الاسم, اسم المبادرة, المبادرة, اسم المشروع",
                required=True,
            ),
            _column(
                "starts_on",
                Kind.DATE,
                "starts on, start, start date, launch date, begin date| تاريخ البداية, تاريخ البدء, تاريخ الإطلاق",
            ),
            _column(
                "ends_on",
                Kind.DATE,
                "ends on, end, end date, finish date, completion date| تاريخ النهاية, تاريخ الانتهاء",
            ),
            _column("touchpoint", Kind.TEXT, _TOUCHPOINT),
            _column("segment", Kind.TEXT, _SEGMENT),
            _column(
                "promised_uplift_pp",
                Kind.NUMBER,
                "promised uplift, promised uplift pp, expected uplift, target uplift, retention uplift, uplift pp"
                "| التحسن الموعود, التحسن المتوقع, زيادة الاحتفاظ المتوقعة",
                unit="percentage points",
            ),
            _column(
                "promised_value",
                Kind.MONEY,
                "promised value, expected value, expected benefit, promised benefit, business case value, target benefit"
                "| القيمة الموعودة, المنفعة المتوقعة, القيمة المتوقعة, العائد المتوقع",
                unit="money",
            ),
            _column("owner", Kind.TEXT, _OWNER),
            _column("status", Kind.TEXT, _STATUS + ", حالة المبادرة"),
        ),
    ),
    Table(
        name="pilots",
        one_of=(("customers", "customer_id"),),
        columns=(
            _column(
                "group",
                Kind.CHOICE,
                "group, arm, treatment, treatment group, test group, variant, cohort| المجموعة, مجموعة, مجموعة التجربة, المجموعة التجريبية",
                required=True,
                choices=("treated", "control"),
            ),
            _column("period", Kind.MONTH, "period, month, date| الفترة, الشهر, التاريخ", required=True),
            _column(
                "customers", Kind.COUNT, "customers, n, size, exposed, number of customers| العملاء, عدد العملاء, العدد"
            ),
            _column(
                "retained",
                Kind.NUMBER,
                "retained, stayed, kept, active at end, retained customers| المحتفظ بهم, الباقون, بقي, عدد المحتفظ بهم",
                required=True,
            ),
            _column("customer_id", Kind.TEXT, _CUSTOMER, personal=True),
            _column("segment", Kind.TEXT, _SEGMENT),
            _column(
                "spend", Kind.MONEY, "spend, cost, pilot cost, amount| الإنفاق, التكلفة, تكلفة التجربة", unit="money"
            ),
            _column(
                "covariate",
                Kind.NUMBER,
                "covariate, pre period, prior value, baseline value| متغير سابق, القيمة السابقة",
            ),
        ),
    ),
    Table(
        name="monthly",
        key=("month", "segment"),
        one_of=(("revenue", "contribution_margin"),),
        columns=(
            _column("month", Kind.MONTH, "month, period, date, year month| الشهر, الفترة, شهر, التاريخ", required=True),
            _column("segment", Kind.TEXT, _SEGMENT),
            _column(
                "customers_at_start",
                Kind.COUNT,
                "customers at start, opening customers, active customers, customers, customers start, customers beginning,"
                " opening balance customers, active at start"
                "| العملاء في بداية الشهر, عدد العملاء, العملاء النشطون, عملاء أول الشهر, العملاء بداية الفترة",
                required=True,
            ),
            _column(
                "customers_joined",
                Kind.COUNT,
                "customers joined, new customers, joined, acquired, additions, gross adds"
                "| العملاء الجدد, المنضمون, عملاء جدد, العملاء المنضمون",
            ),
            _column(
                "customers_lost",
                Kind.COUNT,
                "customers lost, lost customers, churned, churned customers, lost, churn, cancellations, left"
                "| العملاء المفقودون, المغادرون, العملاء المغادرون, فقدان العملاء, عملاء مفقودون",
                required=True,
            ),
            _column(
                "revenue",
                Kind.MONEY,
                "revenue, sales, total revenue, income, turnover| الإيرادات, الإيراد, المبيعات",
                unit="money",
            ),
            _column(
                "contribution_margin",
                Kind.MONEY,
                "contribution margin, margin, gross margin, gross profit, contribution| هامش المساهمة, الهامش, هامش الربح, إجمالي الربح",
                unit="money",
            ),
            _column(
                "support_contacts",
                Kind.COUNT,
                "support contacts, contacts, tickets, support tickets, calls, cases| اتصالات الدعم, عدد التذاكر, التذاكر, المكالمات, الاتصالات",
            ),
            _column(
                "support_cost",
                Kind.MONEY,
                "support cost, service cost, cost to serve, support costs| تكلفة الدعم, تكلفة الخدمة",
                unit="money",
            ),
            _column(
                "cx_spend",
                Kind.MONEY,
                "cx spend, cx cost, cx investment, customer experience spend, cx budget, spend, cx costs, investment"
                "| الإنفاق على تجربة العملاء, إنفاق تجربة العملاء, تكلفة تجربة العملاء, الاستثمار في تجربة العملاء",
                required=True,
                unit="money",
            ),
            _column("nps", Kind.NUMBER, "nps, net promoter score| صافي نقاط الترويج, صافي نقاط المروجين"),
            _column("nps_n", Kind.COUNT, "nps n, nps responses, nps answers| عدد إجابات nps, ردود صافي نقاط الترويج"),
            _column("csat", Kind.NUMBER, "csat, customer satisfaction, satisfaction| رضا العملاء, درجة الرضا"),
            _column("csat_n", Kind.COUNT, "csat n, csat responses, csat answers| عدد إجابات الرضا, ردود رضا العملاء"),
            _column("ces", Kind.NUMBER, "ces, customer effort score, effort| جهد العميل, درجة جهد العميل"),
            _column("ces_n", Kind.COUNT, "ces n, ces responses, ces answers| عدد إجابات الجهد, ردود جهد العميل"),
            _column("currency", Kind.TEXT, "currency, ccy, currency code| العملة, رمز العملة"),
        ),
    ),
)

TABLES: Mapping[str, Table] = MappingProxyType({table.name: table for table in _TABLES})
