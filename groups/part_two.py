"""Groups of a program for substance use treatment that 42 CFR part 2 protects: an admin marks them so.

A member's consent is the receipt of the group's agreement, with its version and moment (`AgreementReceipt`). What
leaves the portal about such a group carries the notice below. No group is looked up from another, marked or not.
"""

# 42 CFR 2.32(a)(2), the short form, as amended in 2024 (89 FR 12472).
REDISCLOSURE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
