-- How a cell is read once its column's convention is settled. Macros only, so that one definition serves profiling and
-- typing. Every macro returns NULL for what it cannot read; none raises.

-- Digits of any script, spaces and direction marks to their plain forms. U+00B7 stands for the Arabic decimal separator,
-- which needs no convention, and the apostrophe for its thousands separator.
CREATE MACRO plain_text(v) AS trim(regexp_replace(regexp_replace(
    translate(v, '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９٫٬’−‐‑–﹣－،٪％（）',
                 '012345678901234567890123456789·''''------,%%()'),
    '[\x{200B}-\x{200F}\x{061C}\x{202A}-\x{202E}\x{2060}\x{2066}-\x{2069}\x{FEFF}]', '', 'g'),
    '[\s\x{00A0}\x{1680}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]', ' ', 'g'));

CREATE MACRO is_blank(v) AS CASE WHEN v IS NULL THEN true WHEN regexp_matches(v, '^[!-~]') THEN false ELSE plain_text(v) = '' END;

-- The number in a cell without currency and percent sign, its sign in front: '(SAR 1,234.50)' -> '-1,234.50'. What is taken for
-- a currency is what currency_words names; both macros are made from cxroi/money/currencies.toml.
CREATE MACRO signed_core(s) AS regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    s, '^([-+]?) +', '\1'), '^\( *([^-()]*[^-() ]) *\)$', '-\1'), '^([^-+()]*[^-+() ]) *-$', '-\1'), '^\+', ''), ' ?%$', '');
CREATE MACRO number_text(v) AS CASE WHEN regexp_matches(v, '^-?[0-9]+(?:[.,][0-9]+)?$') THEN v
    ELSE signed_core(without_currency(plain_text(v))) END;
-- The same of a column in which no cell is worded, without looking for currencies: to make ready for that takes longer than a small file.
CREATE MACRO is_worded(v) AS regexp_matches(v, '[^\x{00}-\x{7F}]|[A-Za-z$%]');
CREATE MACRO bare_number_text(v) AS CASE WHEN regexp_matches(v, '^-?[0-9]+(?:[.,][0-9]+)?$') THEN v ELSE signed_core(plain_text(v)) END;

-- Decimal text of a signed core under a settled decimal mark, or NULL: grouping must be regular, or it is not a number.
CREATE MACRO number_of(s, decimal_mark) AS CASE
    WHEN regexp_matches(s, '^-?\d+$') THEN s
    WHEN decimal_mark = '.' AND regexp_matches(s,
        '^-?(?:(?:\d+|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?: \d{3})+|[1-9]\d{0,2}(?:''\d{3})+|[1-9]\d?(?:,\d{2})+,\d{3})?(?:[.·]\d*)?|\d+(?:\.\d*)?[eE][-+]?\d{1,3})$')
        AND regexp_matches(s, '\d')
        THEN replace(regexp_replace(s, '[, '']', '', 'g'), '·', '.')
    WHEN decimal_mark = ',' AND regexp_matches(s,
        '^-?(?:(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?: \d{3})+|[1-9]\d{0,2}(?:''\d{3})+)?(?:[,·]\d*)?|\d+(?:,\d*)?[eE][-+]?\d{1,3})$')
        AND regexp_matches(s, '\d')
        THEN replace(replace(regexp_replace(s, '[. '']', '', 'g'), ',', '.'), '·', '.')
END;

CREATE MACRO read_number(v, decimal_mark) AS list_transform([number_text(v)], lambda s: number_of(s, decimal_mark))[1];

-- Lower case, Arabic letters without their variants, commas and the mark of the Gregorian era away.
CREATE MACRO date_text(v) AS CASE WHEN regexp_matches(v, '^[0-9]+(?:[-/.][0-9]+)*$') THEN v ELSE trim(regexp_replace(regexp_replace(
    translate(lower(plain_text(v)), 'أإآىة,،', 'ااايه  '),
    '^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.? +|( م| ميلادي)$', '', 'g'), ' +', ' ', 'g')) END;

-- The argument stands once in it, as a macro is written out wherever it is used: so are the steps of a date below.
CREATE MACRO month_number(name) AS (nullif(list_position([
    'jan','feb','mar','apr','may','jun','jul','aug','sep','oct','nov','dec',
    'january','february','march','april','may','june','july','august','september','october','november','december',
    '','','','','','','','','sept','','','',
    'يناير','فبراير','مارس','ابريل','مايو','يونيو','يوليو','اغسطس','سبتمبر','اكتوبر','نوفمبر','ديسمبر',
    'كانون الثاني','شباط','اذار','نيسان','ايار','حزيران','تموز','اب','ايلول','تشرين الاول','تشرين الثاني','كانون الاول',
    'جانفي','فيفري','','افريل','ماي','جوان','جويليه','اوت','','','','',
    '','','','','','يونيه','يوليه','','','','',''], nullif(name, '')), 0) - 1) % 12 + 1;

-- Everything that a date text may be, taken apart once; groups that do not match are empty.
CREATE MACRO date_parts(s) AS {
    iso: regexp_extract(s, '^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[t ]+\d{1,2}:\d{2}.*)?$', ['y', 'm', 'd']),
    abc: regexp_extract(s, '^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[t ]+\d{1,2}:\d{2}.*)?$', ['a', 'b', 'c']),
    ym: regexp_extract(s, '^(\d{4})[-/. m]+(\d{1,2})$', ['y', 'm']),
    my: regexp_extract(s, '^(\d{1,2})[-/. ]+(\d{4})$', ['m', 'y']),
    dny: CASE WHEN regexp_matches(s, '[a-zء-ي]') THEN regexp_extract(s, '^(?:(\d{1,2})(?:st|nd|rd|th)?[-/. ]+(?:of )?)?([a-z]{3,9}|[ء-ي]{2,}(?: [ء-ي]+)?)\.?[-/. '']*(\d{4}|\d{2})(?: \d{1,2}:\d{2}.*)?$', ['d', 'n', 'y']) END,
    ndy: CASE WHEN regexp_matches(s, '[a-zء-ي]') THEN regexp_extract(s, '^([a-z]{3,9}|[ء-ي]{2,}(?: [ء-ي]+)?)\.?[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[-/. ]+(\d{4})(?: \d{1,2}:\d{2}.*)?$', ['n', 'd', 'y']) END,
    ynd: CASE WHEN regexp_matches(s, '[a-zء-ي]') THEN regexp_extract(s, '^(\d{4})[-/. ]*([a-z]{3,9}|[ء-ي]{2,}(?: [ء-ي]+)?)\.?(?:[-/. ]+(\d{1,2}))?$', ['y', 'n', 'd']) END
};

-- The date in a text `s` with parts `p`, when its column writes days and months in `date_order` (dmy, mdy or ymd); whole
-- months and quarters give their first day. What is found is written year-month-day and read once; years below 70 are of this century.
CREATE MACRO date_of(s, p, date_order) AS coalesce(TRY_CAST(regexp_replace(regexp_replace(CASE
    WHEN p.iso.y <> '' THEN p.iso.y || '-' || p.iso.m || '-' || p.iso.d
    WHEN p.abc.c <> '' AND date_order = 'mdy' THEN p.abc.c || '-' || p.abc.a || '-' || p.abc.b
    WHEN p.abc.c <> '' AND date_order = 'ymd' THEN p.abc.a || '-' || p.abc.b || '-' || p.abc.c
    WHEN p.abc.c <> '' THEN p.abc.c || '-' || p.abc.b || '-' || p.abc.a
    WHEN p.ym.y <> '' THEN p.ym.y || '-' || p.ym.m || '-1'
    WHEN p.my.y <> '' THEN p.my.y || '-' || p.my.m || '-1'
    WHEN p.ndy.n <> '' OR p.dny.n <> '' OR (p.ynd.n <> '' AND p.ynd.n <> 'q') THEN
        CASE WHEN p.ndy.n <> '' THEN p.ndy.y WHEN p.dny.n <> '' THEN p.dny.y ELSE p.ynd.y END || '-'
        || month_number(CASE WHEN p.ndy.n <> '' THEN p.ndy.n WHEN p.dny.n <> '' THEN p.dny.n ELSE p.ynd.n END)::VARCHAR || '-'
        || coalesce(nullif(CASE WHEN p.ndy.n <> '' THEN p.ndy.d WHEN p.dny.n <> '' THEN p.dny.d ELSE p.ynd.d END, ''), '1')
    WHEN regexp_matches(s, '^(?:19|20)\d{6}$') THEN s[1:4] || '-' || s[5:6] || '-' || s[7:8]
    WHEN regexp_matches(s, '^\d{4}[-/ ]?q[1-4]$') THEN s[1:4] || '-' || (TRY_CAST(s[-1:] AS INT) * 3 - 2)::VARCHAR || '-1'
    WHEN regexp_matches(s, '^(?:19|20)\d{4}$') THEN s[1:4] || '-' || s[5:6] || '-1'
END, '^([0-6]?\d)-', '20\1-'), '^(\d\d)-', '19\1-') AS DATE),
    CASE WHEN regexp_matches(s, '^[3-7]\d{4}(?:\.\d+)?$') THEN DATE '1899-12-30' + TRY_CAST(floor(TRY_CAST(s AS DOUBLE)) AS INT) END);

-- One cell by itself, for tests and second looks; over many rows the three steps are columns of nested selects.
CREATE MACRO read_date(v, date_order) AS list_transform([date_text(v)],
    lambda s: list_transform([date_parts(s)], lambda p: date_of(s, p, date_order))[1])[1];

CREATE MACRO looks_hijri(s, day) AS regexp_matches(s, '(?:^|[^\d])1[34]\d{2}(?:[^\d]|$)') AND day < DATE '1600-01-01';

CREATE MACRO names_hijri(s) AS regexp_matches(s,
    'ه(?:ـ)?$|هجري|محرم|صفر|ربيع|جمادي|رجب|شعبان|رمضان|شوال|ذو القعده|ذو الحجه|ذي القعده|ذي الحجه|muharram|safar|rabi|jumada|rajab|shaban|ramadan|shawwal|dhu|hijri| ah$');

CREATE MACRO read_flag(v) AS CASE
    WHEN lower(plain_text(v)) IN ('1', 'true', 't', 'yes', 'y', 'x', 'on', 'نعم', 'صح', 'صحيح', '✓', '✔') THEN true
    WHEN lower(plain_text(v)) IN ('0', 'false', 'f', 'no', 'n', 'off', 'لا', 'خطأ', '✗', '✘') THEN false
END;
