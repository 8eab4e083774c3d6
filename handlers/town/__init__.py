"""The town's content as the product uses it: texts, calendar, answers, places."""
