"""What a company is, month by month: its panel, where it stands, its segments and shared costs."""
