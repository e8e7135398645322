"""Who may call what: every route by hand, a line a method and endpoint. A new route needs a line here.

This says what is meant, not what the code declares; `test_matrix.py` holds the application against it. The words are the
roles that may, as they are held on the whole organization; `anyone` needs no sign-in, `account` any signed-in account.
"""

ANYONE, ACCOUNT = "anyone", "account"
OWNER = "owner"
MEMBERS = "owner leader viewer auditor"
READERS = "owner leader viewer"

MATRIX: dict[str, str] = {
    # the front pages, and signing in
    "GET home.index": ANYONE,
    "GET home.healthz": ANYONE,
    "GET home.method": ANYONE,
    "GET home.privacy": ANYONE,
    "GET home.talk": ANYONE,
    "GET home.quick_check": ANYONE,
    "POST home.quick_check": ANYONE,
    "GET accounts.sign_in": ANYONE,
    "GET accounts.open_link": ANYONE,
    "POST accounts.use_link": ANYONE,
    "POST accounts.sign_in": ANYONE,
    "POST accounts.sign_out": ACCOUNT,
    "GET accounts.me": ACCOUNT,
    "GET accounts.password": ACCOUNT,
    "POST accounts.password": ACCOUNT,
    "GET accounts.take_second_step": ANYONE,
    "POST accounts.take_second_step": ANYONE,
    "GET accounts.second_step": ACCOUNT,
    "POST accounts.second_step": ACCOUNT,
    "POST accounts.turn_off": ACCOUNT,
    "POST accounts.renew_codes": ACCOUNT,
    "POST accounts.end_session": ACCOUNT,
    "POST accounts.end_other_sessions": ACCOUNT,
    # respondents: what they hold is a ballot, no role
    "GET respond.start": ANYONE,
    "POST respond.start": ANYONE,
    "GET respond.answer": ANYONE,
    "POST respond.answer": ANYONE,
    "GET respond.thanks": ANYONE,
    "GET respond.results": ANYONE,
    # organizations
    "GET organizations.index": ACCOUNT,
    "GET organizations.new": ACCOUNT,
    "POST organizations.new": ACCOUNT,
    "GET organizations.first_steps": MEMBERS,
    "GET organizations.settings": OWNER,
    "POST organizations.settings": OWNER,
    "GET organizations.log": "owner auditor",
    "GET organizations.log_csv": "owner auditor",
    "GET organizations.members": "owner auditor",
    "GET organizations.invite": OWNER,
    "POST organizations.invite": OWNER,
    "GET organizations.member": OWNER,
    "POST organizations.member": OWNER,
    "POST organizations.take_role": OWNER,
    "POST organizations.link": OWNER,
    "POST organizations.remove": OWNER,
    # units
    "GET units.index": MEMBERS,
    "GET units.unit": OWNER,
    "POST units.unit": OWNER,
    "POST units.close": OWNER,
    "GET units.new": OWNER,
    "POST units.new": OWNER,
    "GET units.import_units": OWNER,
    "POST units.import_units": OWNER,
    # waves
    "GET waves.index": MEMBERS,
    "GET waves.wave": MEMBERS,
    "GET waves.new": OWNER,
    "POST waves.new": OWNER,
    "POST waves.close": OWNER,
    "POST waves.links": OWNER,
    "GET invitations.index": OWNER,
    "POST invitations.index": OWNER,
    "POST invitations.remind": OWNER,
    "POST invitations.days": OWNER,
    "POST invitations.failed": OWNER,
    "GET invitations.letter": OWNER,
    "POST invitations.letter": OWNER,
    "POST waves.open_link": OWNER,
    "GET waves.poster": OWNER,
    # leaders
    "GET assessments.assessment": "leader",
    "POST assessments.assessment": "leader",
    # results
    "GET results.overview": READERS,
    "GET results.compare": READERS,
    "GET results.heatmap": READERS,
    "GET results.unit": READERS,
    "GET results.practice": READERS,
    "GET results.trend": READERS,
    "GET results.trend_figure": READERS,
    "GET results.spread": READERS,
    "GET results.spread_figure": READERS,
    "GET results.movement": READERS,
    "GET results.movement_figure": READERS,
    "GET results.blind_spots": READERS,
    "GET results.scores_csv": READERS,
    "GET results.scores_json": READERS,
}
