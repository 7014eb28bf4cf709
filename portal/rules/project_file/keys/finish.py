"""The keys of sections 3.7 of the project file's format: path | type | need | form."""

# 3.7 Changes, complaints, end
FINISH = """
projects[].change_orders | list(0..200) | yes
projects[].change_orders[] | object | yes
projects[].change_orders[].no | id | yes
projects[].change_orders[].title | text(1..80) | yes
projects[].change_orders[].kind | enum(ADD; REDUCE; REPLACE) | yes
projects[].change_orders[].reason_category | text(1..20) | yes
projects[].change_orders[].requested_by | text(1..20) | yes
projects[].change_orders[].status | enum(APPROVED; REJECTED) | yes
projects[].change_orders[].dates | object | yes
projects[].change_orders[].dates.requested | date | yes
projects[].change_orders[].dates.quoted | date | yes
projects[].change_orders[].dates.owner_signed | date or null | yes
projects[].change_orders[].dates.started | date or null | yes
projects[].change_orders[].dates.done | date or null | yes
projects[].change_orders[].lines | list(1..500) | yes
projects[].change_orders[].lines[] | object | yes
projects[].change_orders[].lines[].code | text(6..9) | yes | price code
projects[].change_orders[].lines[].name | text(1..200) | yes
projects[].change_orders[].lines[].unit | unit | yes
projects[].change_orders[].lines[].quantity_delta | sdec(2..2) | yes
projects[].change_orders[].lines[].unit_price_fen | fen | yes
projects[].change_orders[].lines[].amount_fen | sfen | yes
projects[].change_orders[].lines[].why | text(1..80) | yes
projects[].change_orders[].direct_delta_fen | sfen | yes
projects[].change_orders[].management_rate_bp | bp | yes
projects[].change_orders[].management_delta_fen | sfen | yes
projects[].change_orders[].tax_rate_bp | bp | yes
projects[].change_orders[].tax_delta_fen | sfen | yes
projects[].change_orders[].total_delta_fen | sfen | yes
projects[].change_orders[].days_delta | int(-400..400) | yes
projects[].change_orders[].settle_with_stage | text(1..40) | yes
projects[].change_orders[].evidence | list(0..100) | yes
projects[].change_orders[].evidence[] | text(1..80) | yes
projects[].change_orders[].signatures | list(0..10) | yes
projects[].change_orders[].signatures[] | text(1..20) | yes
projects[].change_orders[].note | prose(0..4000) | yes
projects[].complaints | list(0..500) | yes
projects[].complaints[] | object | yes
projects[].complaints[].no | id | yes
projects[].complaints[].channel | text(1..20) | yes
projects[].complaints[].reported_at | moment | yes
projects[].complaints[].reporter | text(1..20) | yes
projects[].complaints[].category | text(1..20) | yes
projects[].complaints[].subcategory | text(1..40) | yes
projects[].complaints[].severity | enum(L0; L1; L2; L3) | yes
projects[].complaints[].stage_code | text(1..3) | yes | S01–S20, W
projects[].complaints[].project_state | enum(施工中; 保修期) | yes
projects[].complaints[].title | text(1..80) | yes
projects[].complaints[].description | prose(1..4000) | yes
projects[].complaints[].evidence | list(0..100) | yes
projects[].complaints[].evidence[] | text(1..80) | yes
projects[].complaints[].sla | object | yes
projects[].complaints[].sla.first_response_due | moment | yes
projects[].complaints[].sla.onsite_due | moment | yes
projects[].complaints[].sla.plan_due | moment | yes
projects[].complaints[].sla.resolve_due | moment | yes
projects[].complaints[].timeline | list(1..200) | yes
projects[].complaints[].timeline[] | object | yes
projects[].complaints[].timeline[].at | moment | yes
projects[].complaints[].timeline[].by | text(1..40) | yes
projects[].complaints[].timeline[].event | text(1..200) | yes
projects[].complaints[].responsibility | text(1..40) | yes
projects[].complaints[].cost_bearer | text(1..40) | yes
projects[].complaints[].compensation_fen | fen | yes
projects[].complaints[].compensation_note | text(1..200) | no
projects[].complaints[].status | enum(CLOSED) | yes
projects[].complaints[].satisfaction | int(1..5) | yes
projects[].complaints[].resolved_at | moment | yes
projects[].complaints[].owner_confirmed_at | moment | yes
projects[].complaints[].warranty | object | no
projects[].complaints[].warranty.class | enum(GENERAL; WATERPROOF; CONCEALED_MEP; EQUIPMENT) | yes
projects[].complaints[].warranty.in_warranty | bool | yes
projects[].air_test | object | if status is WARRANTY
projects[].air_test.works_complete_on | date | yes
projects[].air_test.earliest_test | date | yes
projects[].air_test.tested | date | yes
projects[].air_test.report_on | date | yes
projects[].air_test.agency | text(1..80) | yes
projects[].air_test.results_mg_m3 | list(1..100) | yes
projects[].air_test.results_mg_m3[] | object | yes
projects[].air_test.results_mg_m3[].room | text(1..40) | yes
projects[].air_test.results_mg_m3[].formaldehyde | dec(2..3) | yes
projects[].air_test.results_mg_m3[].benzene | dec(2..3) | yes
projects[].air_test.results_mg_m3[].ammonia | dec(2..3) | yes
projects[].air_test.results_mg_m3[].toluene | dec(2..3) | yes
projects[].air_test.results_mg_m3[].xylene | dec(2..3) | yes
projects[].air_test.results_mg_m3[].tvoc | dec(2..3) | yes
projects[].air_test.limits_mg_m3 | object | yes
projects[].air_test.limits_mg_m3.formaldehyde | dec(2..3) | yes
projects[].air_test.limits_mg_m3.benzene | dec(2..3) | yes
projects[].air_test.limits_mg_m3.ammonia | dec(2..3) | yes
projects[].air_test.limits_mg_m3.toluene | dec(2..3) | yes
projects[].air_test.limits_mg_m3.xylene | dec(2..3) | yes
projects[].air_test.limits_mg_m3.tvoc | dec(2..3) | yes
projects[].air_test.conclusion | enum(PASS; FAIL) | yes
projects[].settlement | object | if status is WARRANTY
projects[].settlement.contract_fen | fen | yes
projects[].settlement.change_orders_fen | sfen | yes
projects[].settlement.design_credit_fen | sfen | yes
projects[].settlement.delay_compensation_fen | sfen | yes
projects[].settlement.final_payable_fen | fen | yes
projects[].settlement.paid_fen | fen | yes
projects[].settlement.balance_fen | sfen | yes
projects[].settlement.change_vs_contract_bp | sbp | yes
projects[].settlement.amount_in_words | text(1..60) | yes
projects[].settlement_forecast | object | if status is CONSTRUCTION
projects[].settlement_forecast.contract_fen | fen | yes
projects[].settlement_forecast.change_orders_fen | sfen | yes
projects[].settlement_forecast.design_credit_fen | sfen | yes
projects[].settlement_forecast.delay_compensation_fen | sfen | yes
projects[].settlement_forecast.forecast_final_payable_fen | fen | yes
projects[].settlement_forecast.paid_fen | fen | yes
projects[].settlement_forecast.remaining_fen | sfen | yes
projects[].settlement_forecast.change_vs_contract_bp | sbp | yes
projects[].settlement_forecast.amount_in_words | text(1..60) | yes
projects[].warranty | object | if status is WARRANTY
projects[].warranty.accepted_on | date | yes
projects[].warranty.general_until | date | yes
projects[].warranty.waterproof_until | date | yes
projects[].invoices | list(1..100) | if status is WARRANTY
projects[].invoices[] | object | yes
projects[].invoices[].type | text(1..20) | yes
projects[].invoices[].item | text(1..80) | yes
projects[].invoices[].amount_fen | fen | yes
projects[].invoices[].tax_rate_bp | bp | yes
projects[].invoices[].service_place | text(1..80) | yes
projects[].invoices[].project_name | text(1..80) | yes
projects[].invoices[].status | enum(ISSUED) | yes
projects[].invoices[].net_fen | fen | yes
projects[].invoices[].tax_fen | fen | yes
"""
