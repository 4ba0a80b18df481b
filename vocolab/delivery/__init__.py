"""From signals to finished files: their form, what they have to meet, and the check that they do, codec included.

    wanted:  output (the form), target (what is promised)
    made:    finishing -> dispatch -> correction (again, lower, until the decoded file holds) -> delivered
    told:    report, wording; resume notes what is done
"""
