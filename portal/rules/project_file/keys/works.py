"""The keys of sections 3.6 of the project file's format: path | type | need | form."""

# 3.6 Money and time while building
WORKS = """
projects[].payment_stages | list(1..20) | yes
projects[].payment_stages[] | object | yes
projects[].payment_stages[].no | id | yes
projects[].payment_stages[].seq | int(1..20) | yes
projects[].payment_stages[].name | text(1..40) | yes
projects[].payment_stages[].percent_bp | bp | yes
projects[].payment_stages[].trigger | text(1..80) | yes
projects[].payment_stages[].gate_node | enum(N1; N2; N3; N4; N5; N6) or null | yes
projects[].payment_stages[].planned_fen | fen | yes
projects[].payment_stages[].adjustments | list(0..100) | yes
projects[].payment_stages[].adjustments[] | object | yes
projects[].payment_stages[].adjustments[].ref | text(1..80) | yes
projects[].payment_stages[].adjustments[].amount_fen | sfen | yes
projects[].payment_stages[].due_fen | sfen | yes
projects[].payment_stages[].due_date | date | yes
projects[].payment_stages[].paid_date | date or null | yes
projects[].payment_stages[].paid_fen | sfen | yes
projects[].payment_stages[].method | text(1..40) or null | yes
projects[].payment_stages[].receipt_no | text(1..40) or null | yes
projects[].payment_stages[].status | enum(PAID; NOT_DUE) | yes
projects[].schedule | object | yes
projects[].schedule.calendar | text(1..80) | yes
projects[].schedule.stages | list(20..20) | yes
projects[].schedule.stages[] | object | yes
projects[].schedule.stages[].code | stage | yes
projects[].schedule.stages[].name | text(1..40) | yes
projects[].schedule.stages[].duration_wd | int(1..400) | yes
projects[].schedule.stages[].plan_start | date | yes
projects[].schedule.stages[].plan_end | date | yes
projects[].schedule.stages[].actual_start | date or null | yes
projects[].schedule.stages[].actual_end | date or null | yes
projects[].schedule.stages[].forecast_start | date | yes
projects[].schedule.stages[].forecast_end | date | yes
projects[].schedule.stages[].status | enum(DONE; DOING; TODO) | yes
projects[].schedule.stages[].node | enum(N1; N2; N3; N4; N5; N6) or null | yes
projects[].schedule.stages[].delays | list(0..40) | yes
projects[].schedule.stages[].delays[] | object | yes
projects[].schedule.stages[].delays[].days | int(1..400) | yes
projects[].schedule.stages[].delays[].cause | text(1..20) | yes
projects[].schedule.stages[].delays[].detail | text(0..200) | yes
projects[].schedule.stages[].delays[].extends_contract | bool | yes
projects[].delay_record | object | yes
projects[].delay_record.planned_completion | date | yes
projects[].delay_record.extended_completion | date | yes
projects[].delay_record.actual_or_forecast_completion | date | yes
projects[].delay_record.late_calendar_days | int(0..3660) | yes
projects[].delay_record.owner_or_change_caused_wd | int(0..3660) | yes
projects[].delay_record.contractor_caused_wd | int(0..3660) | yes
projects[].delay_record.rate_bp_per_day | bp | yes
projects[].delay_record.compensation_fen | fen | yes
projects[].delay_record.forecast | bool | if status is CONSTRUCTION
projects[].owner_materials_schedule | list(0..200) | yes
projects[].owner_materials_schedule[] | object | yes
projects[].owner_materials_schedule[].item | text(1..80) | yes
projects[].owner_materials_schedule[].spec | text(0..80) | yes
projects[].owner_materials_schedule[].needed_for_stage | stage | yes
projects[].owner_materials_schedule[].need_on_site_by | date | yes
projects[].owner_materials_schedule[].order_by | date | yes
projects[].owner_materials_schedule[].lead_days | int(0..400) | yes
projects[].owner_materials_schedule[].remeasure_before | stage or null | yes
projects[].site_visits | list(0..2000) | yes
projects[].site_visits[] | object | yes
projects[].site_visits[].no | int(1..2000) | yes
projects[].site_visits[].planned_date | date | yes
projects[].site_visits[].actual_date | date or null | yes
projects[].site_visits[].role | role | yes
projects[].site_visits[].person | person | yes
projects[].site_visits[].kind | text(1..20) | yes
projects[].site_visits[].purpose | text(1..80) | yes
projects[].site_visits[].owner_presence | text(1..20) | yes
projects[].site_visits[].status | enum(DONE; PLANNED) | yes
projects[].inspections | list(6..6) | yes
projects[].inspections[] | object | yes
projects[].inspections[].no | id | yes
projects[].inspections[].node | enum(N1; N2; N3; N4; N5; N6) | yes
projects[].inspections[].name | text(1..40) | yes
projects[].inspections[].stage_code | stage | yes
projects[].inspections[].planned_date | date | yes
projects[].inspections[].actual_date | date or null | yes
projects[].inspections[].inspector | person | yes
projects[].inspections[].owner_mode | text(1..20) | yes
projects[].inspections[].items | list(1..100) | yes
projects[].inspections[].items[] | object | yes
projects[].inspections[].items[].item | text(1..80) | yes
projects[].inspections[].items[].criterion | text(1..120) | yes
projects[].inspections[].items[].basis | text(1..80) | yes
projects[].inspections[].items[].result | enum(PASS; FAIL) or null | yes
projects[].inspections[].photo_count | int(0..10000) | yes
projects[].inspections[].conclusion | enum(PASS; PASS_AFTER_RECTIFY) or null | yes
projects[].inspections[].rectifications | list(0..100) | yes
projects[].inspections[].rectifications[] | object | yes
projects[].inspections[].rectifications[].item | text(1..80) | yes
projects[].inspections[].rectifications[].issued | date | yes
projects[].inspections[].rectifications[].due | date | yes
projects[].inspections[].rectifications[].fixed | date | yes
projects[].inspections[].rectifications[].rechecked | date | yes
projects[].inspections[].rectifications[].result | enum(PASS) | yes
projects[].inspections[].rectifications[].complaint_ref | id or null | yes
projects[].inspections[].signatures | list(0..10) | yes
projects[].inspections[].signatures[] | object | yes
projects[].inspections[].signatures[].role | text(1..20) | yes
projects[].inspections[].signatures[].at | date | yes
projects[].purchase_orders | list(0..500) | yes
projects[].purchase_orders[] | object | yes
projects[].purchase_orders[].no | id | yes
projects[].purchase_orders[].supplier | text(1..80) | yes
projects[].purchase_orders[].kind | enum(公司供辅材; 公司供主材; 业主自购主材) | yes
projects[].purchase_orders[].stage_code | stage | yes
projects[].purchase_orders[].ordered | date | yes
projects[].purchase_orders[].need_by | date | yes
projects[].purchase_orders[].arrived | date or null | yes
projects[].purchase_orders[].lines | list(1..500) | yes
projects[].purchase_orders[].lines[] | object | yes
projects[].purchase_orders[].lines[].name | text(1..200) | yes
projects[].purchase_orders[].lines[].spec | text(0..200) | yes
projects[].purchase_orders[].lines[].unit | unit | yes
projects[].purchase_orders[].lines[].quantity | dec(0..3) | yes
projects[].purchase_orders[].lines[].unit_price_fen | fen | yes
projects[].purchase_orders[].lines[].amount_fen | fen | yes
projects[].purchase_orders[].total_fen | fen | yes
projects[].purchase_orders[].status | enum(RECEIVED; IN_TRANSIT) | yes
projects[].purchase_orders[].receipt_check | object or null | yes
projects[].purchase_orders[].receipt_check.by | person | yes
projects[].purchase_orders[].receipt_check.owner_confirmed | bool | yes
projects[].purchase_orders[].receipt_check.photos | int(0..10000) | yes
projects[].purchase_orders[].receipt_check.brand_match | bool | yes
projects[].purchase_orders[].receipt_check.note | text(0..200) | yes
"""
