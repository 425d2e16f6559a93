"""What knows no customer: draws and intervals, shares, maximum likelihood, logistic regression."""
