"""A workbook of a business case: live formulas over the expected path of the plan, and the app's figures beside them."""
