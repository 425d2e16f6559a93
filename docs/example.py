"""CX ROI from Python, step by step; run as it stands, or cell by cell where `# %%` is understood. docs/python.md explains."""

# %% The made-up company, in a folder of its own. A folder of your company's data is opened in the same way.
import tempfile
from pathlib import Path

import cxroi

folder = Path(tempfile.mkdtemp())
workspace = cxroi.open_workspace(folder / "workspace")
workspace.load_sample()

# %% The panel: one row per month and segment, a pandas frame from there on.
panel = workspace.panel()
frame = panel.to_frame()
print(frame.groupby("segment")[["customers_lost", "cx_spend"]].sum().round(0))

# %% What the data say before any scenario takes seconds and is kept; a scenario takes a fraction of one.
case = workspace.evaluate()
print(case.verdict.call.value, "-", case.currency, "-", "illustrative" if case.illustrative else "own data")
for level in (80, 100, 120):
    plan = workspace.evaluate(investment_level_percent=level)
    print(f"{level} % of today's spend: net present value {plan.outcome.npv.mid:,.0f} {plan.currency}")

# %% A frame will do, without any workspace: the columns of the table `monthly`.
known = cxroi.evidence(frame)
print(cxroi.evaluate(known, horizon_months=24).verdict.call.value)

# %% Files are recognised and checked as in the app; what is refused says why.
file = folder / "monthly.csv"
frame.to_csv(file, index=False)
done = workspace.load(file, currency="SAR")
print(f"version {done.version}:", *(f"{report.table}, {report.rows_loaded} rows" for report in done.reports))
words = cxroi.Text("en")
(folder / "notes.csv").write_text("nothing,to\nsee,here\n", encoding="utf-8")
for report in workspace.load(folder / "notes.csv").refused:
    print(report.file, "-", words(str(report.message), **report.facts))

# %% The finance functions stand alone.
print(round(cxroi.npv(0.10, [-1000, 400, 500, 600]), 2), round(cxroi.irr([-1000, 400, 500, 600]) or 0, 4))
