"""Every answer as JSON, one module a question: money exact decimal text, rates numbers, missing null, never NaN."""
