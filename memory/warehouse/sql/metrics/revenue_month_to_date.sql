/*
uses: revenue
title: revenue month to date
about: Revenue from the first of the month to the day of asking.
words: [MTD revenue, revenue this month, month to date]
examples: ["What is our revenue month to date?", "How much have we closed so far this month?"]
period: month_to_date
*/
