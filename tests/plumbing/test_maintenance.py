"""`portal check`, backup and restore on real rows and files."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask_migrate import upgrade
from sqlalchemy import text

from portal import audit, create_app, maintenance
from portal.extensions import db as database
from tests import factories


def test_the_chain_is_whole_and_numbers_follow_each_other(db, sally):
    first = audit.record("lead.registered", factories.make_lead(sally), by=sally)
    second = audit.record("lead.contacted", None, by=sally, words="电话")
    db.session.commit()
    assert (second.seq, second.previous_hash) == (first.seq + 1, first.hash)
    assert list(maintenance.faults()) == []


@pytest.mark.parametrize("change", [
    "UPDATE audit_entry SET act = 'nothing' WHERE seq = 1",
    "UPDATE audit_entry SET facts = '{}' WHERE seq = 2",
    "DELETE FROM audit_entry WHERE seq = 1",
    "DELETE FROM audit_entry WHERE seq = 2",
    "UPDATE audit_entry SET by_id = NULL WHERE seq = 2",
])
def test_a_changed_or_missing_line_is_found(db, sally, change):
    audit.record("lead.registered", None, by=sally, n=1)
    audit.record("lead.registered", None, by=sally, n=2)
    db.session.commit()
    db.session.execute(text(change))
    db.session.commit()
    assert [fault for fault in maintenance.faults() if fault.startswith("audit:")]


def test_a_changed_and_a_missing_file_are_found(db, whole_app):
    changed, missing = factories.make_blob(b"one").sha256, factories.make_blob(b"two").sha256
    db.session.commit()
    store = whole_app.extensions["storage"]
    store.path(changed).chmod(0o600)
    store.path(changed).write_bytes(b"0ne")
    store.path(missing).unlink()
    assert set(maintenance.faults()) == {f"file {changed}: was changed", f"file {missing}: is missing"}
    store.path(changed).unlink()


def test_a_backup_comes_back_whole_and_never_over_something(settings, tmp_path):
    if not settings.database_url.startswith("sqlite"):
        pytest.skip("on PostgreSQL the same road leads through pg_dump and needs a second cluster")
    here, there = tmp_path / "here", tmp_path / "there"
    for home in (here, there):
        home.mkdir()
    app = create_app(replace(settings, home=here, database_url=f"sqlite:///{here / 'portal.db'}"))
    with app.app_context():
        upgrade()
        kept = factories.make_blob(b"plan").sha256
        audit.record("file.kept", None, sha256=kept)
        database.session.commit()
        maintenance.backup(tmp_path / "copy", at="2026-11-24")
        with pytest.raises(maintenance.Impossible, match="already holds data"):
            maintenance.restore(tmp_path / "copy")
        with pytest.raises(maintenance.Impossible, match="not empty"):
            maintenance.backup(tmp_path / "copy", at="2026-11-24")
    other = create_app(replace(settings, home=there, database_url=f"sqlite:///{there / 'portal.db'}"))
    with other.app_context():
        maintenance.restore(tmp_path / "copy")
        assert list(maintenance.faults()) == []
        assert other.extensions["storage"].open(kept).read() == b"plan"
