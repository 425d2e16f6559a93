"""One module a page: a business case and words become a frozen view that page, slide and sheet share."""
