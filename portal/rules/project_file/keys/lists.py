"""The keys of sections 3.4, 3.5 of the project file's format: path | type | need | form."""

# 3.4 The two priced lists
PRICED_LISTS = """
projects[].estimate/budget | object | yes
projects[].estimate.version | text(1..8) | yes | E and number
projects[].budget.version | text(1..8) | yes | B and number
projects[].estimate/budget.date | date | yes
projects[].estimate/budget.prepared_by | person | yes
projects[].estimate/budget.lines | list(1..2000) | yes
projects[].estimate/budget.lines[] | object | yes
projects[].estimate/budget.lines[].no | int(1..2000) | yes
projects[].estimate/budget.lines[].space | text(1..40) | yes
projects[].estimate/budget.lines[].group | text(2..2) | yes | two capitals
projects[].estimate/budget.lines[].code | text(6..9) | yes | price code
projects[].estimate/budget.lines[].name | text(1..200) | yes
projects[].estimate/budget.lines[].unit | unit | yes
projects[].estimate/budget.lines[].quantity | dec(2..2) | yes
projects[].estimate/budget.lines[].unit_price_fen | fen | yes
projects[].estimate/budget.lines[].unit_split_fen | object | yes
projects[].estimate/budget.lines[].unit_split_fen.main | fen | yes
projects[].estimate/budget.lines[].unit_split_fen.aux | fen | yes
projects[].estimate/budget.lines[].unit_split_fen.labor | fen | yes
projects[].estimate/budget.lines[].unit_split_fen.loss | fen | yes
projects[].estimate/budget.lines[].amount_fen | fen | yes
projects[].estimate/budget.lines[].stage_code | text(1..3) | yes | S01–S20, ALL, D
projects[].estimate/budget.lines[].warranty_class | enum(NONE; GENERAL; WATERPROOF; CONCEALED_MEP; EQUIPMENT) | yes
projects[].estimate/budget.lines[].terms | list(1..100) | yes
projects[].estimate/budget.lines[].terms[] | object | yes
projects[].estimate/budget.lines[].terms[].src | enum(room; param; dims) | yes
projects[].estimate/budget.lines[].terms[].room | id | if src is room
projects[].estimate/budget.lines[].terms[].metric | text(1..40) | if src is room
projects[].estimate/budget.lines[].terms[].param | text(1..40) | if src is param
projects[].estimate/budget.lines[].terms[].expr | text(1..200) | if src is dims
projects[].estimate/budget.lines[].terms[].value | dec(0..9) | yes
projects[].estimate/budget.lines[].terms[].factor | dec(0..4) | yes
projects[].estimate/budget.lines[].terms[].note | text(0..200) | no
projects[].estimate/budget.lines[].note | prose(0..4000) | yes
projects[].estimate/budget.totals | object | yes
projects[].estimate/budget.totals.direct_fen | fen | yes
projects[].estimate/budget.totals.by_group_fen | map | yes
projects[].estimate/budget.totals.by_group_fen{} | object | yes
projects[].estimate/budget.totals.by_group_fen{}.name | text(1..40) | yes
projects[].estimate/budget.totals.by_group_fen{}.amount_fen | fen | yes
projects[].estimate/budget.totals.by_space_fen | map | yes
projects[].estimate/budget.totals.by_space_fen{} | fen | yes
projects[].estimate/budget.totals.management_rate_bp | bp | yes
projects[].estimate/budget.totals.management_fen | fen | yes
projects[].estimate/budget.totals.discount_fen | fen | yes
projects[].estimate/budget.totals.taxable_fen | fen | yes
projects[].estimate/budget.totals.tax_rate_bp | bp | yes
projects[].estimate/budget.totals.tax_fen | fen | yes
projects[].estimate/budget.totals.total_fen | fen | yes
projects[].estimate/budget.totals.per_m2_fen | fen | yes
projects[].budget.vs_estimate | object | yes
projects[].budget.vs_estimate.diff_fen | sfen | yes
projects[].budget.vs_estimate.diff_bp | sbp | yes
projects[].budget.vs_estimate.limit_bp | bp | yes
projects[].budget.vs_estimate.within_limit | bool | yes
projects[].budget.signatures | list(1..10) | yes
projects[].budget.signatures[] | text(1..20) | yes
"""

# 3.5 Design and contract
CONTRACT = """
projects[].design_agreement | object | yes
projects[].design_agreement.signed | date | yes
projects[].design_agreement.grade | text(1..20) | yes
projects[].design_agreement.rate_fen_per_m2 | fen | yes
projects[].design_agreement.area_m2 | dec(2..2) | yes
projects[].design_agreement.fee_fen | fen | yes
projects[].design_agreement.paid | date | yes
projects[].design_agreement.credit_rule | text(1..80) | yes
projects[].design_agreement.credit_fen | fen | yes
projects[].design_agreement.drawings_due | date | yes
projects[].drawings | list(0..1000) | yes
projects[].drawings[] | object | yes
projects[].drawings[].no | text(1..20) | yes
projects[].drawings[].title | text(1..80) | yes
projects[].drawings[].scale | text(1..10) | yes
projects[].drawings[].paper | text(1..10) | yes
projects[].drawings[].file | text(1..160) | yes | bare file name
projects[].drawings[].revision | text(2..4) | yes | R and number
projects[].drawings[].issued | date | yes
projects[].drawings[].sign | list(0..10) | yes
projects[].drawings[].sign[] | text(1..20) | yes
projects[].contract | object | yes
projects[].contract.no | text(1..40) | yes
projects[].contract.signed | date | yes
projects[].contract.total_fen | fen | yes
projects[].contract.total_in_words | text(1..60) | yes
projects[].contract.start | date | yes
projects[].contract.plan_completion | date | yes
projects[].contract.calendar_days | int(1..3660) | yes
projects[].contract.delay_compensation_bp_per_day | bp | yes
projects[].contract.delay_cap_bp | bp | yes
projects[].contract.change_cap_bp_of_contract | bp | yes
projects[].contract.warranty | object | yes
projects[].contract.warranty.general_months | int(24..600) | yes
projects[].contract.warranty.waterproof_months | int(60..600) | yes
projects[].contract.warranty.starts | text(1..40) | yes
projects[].documents | list(0..100) | yes
projects[].documents[] | object | yes
projects[].documents[].name | text(1..80) | yes
projects[].documents[].copies | int(1..20) | yes
projects[].documents[].holders | list(1..20) | yes
projects[].documents[].holders[] | text(1..20) | yes
projects[].documents[].status | enum(SIGNED) | yes
"""
