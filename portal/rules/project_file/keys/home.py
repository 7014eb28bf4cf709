"""The keys of sections 3.1, 3.2, 3.3 of the project file's format: path | type | need | form."""

# 3.1 Head
HEAD = """
meta | object | yes
meta.generated_for | text(1..200) | yes
meta.as_of | date | yes
meta.currency | enum(CNY) | yes
meta.money_unit | enum(fen) | yes
meta.rounding | text(1..200) | yes
meta.quantity_decimals | int(2..2) | yes
meta.quantity_rule | text(1..200) | yes
meta.amount_rule | text(1..200) | yes
meta.total_rule | text(1..200) | yes
meta.opening_rule | text(1..200) | yes
meta.phone_note | text(1..200) | yes
meta.holidays_2026 | list(0..366) | yes
meta.holidays_2026[] | date | yes
meta.holidays_<year> | list(0..366) | no
meta.holidays_<year>[] | date | yes
meta.price_source | text(1..200) | yes
companies | object | yes
companies.name | text(1..80) | yes
companies.city | text(1..40) | yes
projects | list(1..200) | yes
projects[] | object | yes
"""

# 3.2 The home and its people
HOME = """
projects[].id | id | yes
projects[].title | text(1..80) | yes
projects[].house_type | enum(平层; 复式; 别墅) | yes
projects[].decoration_mode | enum(HALF_PACKAGE; FULL_PACKAGE; WHOLE_HOME; LABOR_ONLY) | yes
projects[].new_or_old | enum(毛坯新房; 精装房; 旧房翻新) | yes
projects[].building_area_m2 | dec(2..2) | yes
projects[].inner_area_m2 | dec(2..2) | yes
projects[].layout | text(1..80) | yes
projects[].style | text(1..40) | yes
projects[].address | text(1..120) | yes
projects[].status | enum(CONSTRUCTION; WARRANTY) | yes
projects[].customer | object | yes
projects[].customer.name | text(1..40) | yes
projects[].customer.phone | phone | yes
projects[].customer.family | text(1..40) | yes
projects[].customer.budget_range_fen | list(2..2) | yes
projects[].customer.budget_range_fen[] | fen | yes
projects[].customer.preferred_contact | text(1..40) | yes
projects[].customer.privacy_consent | object | yes
projects[].customer.privacy_consent.version | text(1..40) | yes
projects[].customer.privacy_consent.at | moment | yes
projects[].customer.privacy_consent.marketing | bool | yes
projects[].customer.privacy_consent.site_photos_for_promotion | bool | yes
projects[].team | list(1..40) | yes
projects[].team[] | object | yes
projects[].team[].role | role | yes
projects[].team[].name | text(1..40) | yes
projects[].team[].phone | phone | yes
projects[].lead | object | yes
projects[].lead.source | text(1..40) | yes
projects[].lead.created_at | moment | yes
projects[].lead.registered_by | person | yes
projects[].lead.registration | object | yes
projects[].lead.registration.rule | text(1..40) | yes
projects[].lead.registration.required | list(1..10) | yes
projects[].lead.registration.required[] | text(1..20) | yes
projects[].lead.registration.registered_at | moment | yes
projects[].lead.registration.must_follow_within_days | int(1..365) | yes
projects[].lead.registration.invalid_if_no_follow_days | int(1..365) | yes
projects[].lead.registration.expire_if_no_measure_days | int(1..365) | yes
projects[].lead.registration.expires_at | moment | yes
projects[].lead.registration.status | enum(CONVERTED) | yes
projects[].lead.follow_ups | list(0..200) | yes
projects[].lead.follow_ups[] | object | yes
projects[].lead.follow_ups[].at | date | yes
projects[].lead.follow_ups[].by | person | yes
projects[].lead.follow_ups[].way | text(1..20) | yes
projects[].lead.follow_ups[].result | text(1..80) | yes
"""

# 3.3 Rooms, survey, plan
ROOMS = """
projects[].rooms | list(1..200) | yes
projects[].rooms[] | object | yes
projects[].rooms[].code | id | yes
projects[].rooms[].name | text(1..40) | yes
projects[].rooms[].floor | text(1..8) | yes
projects[].rooms[].kind | enum(dry; wet; balcony; terrace) | yes
projects[].rooms[].length_mm | int(1..100000) | yes
projects[].rooms[].width_mm | int(1..100000) | yes
projects[].rooms[].height_mm | int(1..30000) | yes
projects[].rooms[].openings | list(0..40) | yes
projects[].rooms[].openings[] | object | yes
projects[].rooms[].openings[].type | enum(门; 推拉门; 洞口; 窗) | yes
projects[].rooms[].openings[].w_mm | int(1..100000) | yes
projects[].rooms[].openings[].h_mm | int(1..30000) | yes
projects[].rooms[].openings[].note | text(0..40) | yes
projects[].rooms[].waterproof_wall_height_mm | int(1..30000) or null | yes
projects[].rooms[].tile_wall_height_mm | int(1..30000) or null | yes
projects[].rooms[].metrics | map | yes
projects[].rooms[].metrics{} | dec(2..2) | yes
projects[].quantity_params | map | yes
projects[].quantity_params{} | dec(0..3) | yes
projects[].measurement | object | yes
projects[].measurement.date | date | yes
projects[].measurement.by | person | yes
projects[].measurement.tolerance_mm | int(0..1000) | yes
projects[].measurement.form | text(1..40) | yes
projects[].measurement.checks | list(0..40) | yes
projects[].measurement.checks[] | text(1..40) | yes
projects[].measurement.remeasure | date | yes
projects[].plan | object | yes
projects[].plan.first_plan_due | date | yes
projects[].plan.delivered | date | yes
projects[].plan.presented | date | yes
projects[].plan.revisions | list(0..40) | yes
projects[].plan.revisions[] | object | yes
projects[].plan.revisions[].no | int(1..40) | yes
projects[].plan.revisions[].requested | date | yes
projects[].plan.revisions[].delivered | date | yes
projects[].plan.owner_confirmed | date | yes
projects[].material_selection | object | yes
projects[].material_selection.confirmed_at | date | yes
projects[].material_selection.note | text(0..200) | yes
"""
