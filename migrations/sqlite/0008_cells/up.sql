-- Totals that statistics are read from. A cell of a village, township or county holds the total of its subtree, the
-- bureau's only its own. period: a month as year * 100 + month, a quarter as year * 10 + quarter, a year, or 0 for all time.
CREATE TABLE cells (
    service_point_id BLOB NOT NULL REFERENCES service_points (id),
    ledger TEXT NOT NULL,
    period INTEGER NOT NULL,
    kind TEXT NOT NULL,
    class TEXT NOT NULL,
    n INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    PRIMARY KEY (service_point_id, ledger, period, kind, class)
) STRICT, WITHOUT ROWID;

-- In which months a household was reached by how many counted records, of any kind ('') and of each; and in which a
-- village point gave any. period is a month as year * 100 + month.
CREATE TABLE presence (
    subject_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    period INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (subject_id, kind, period)
) STRICT, WITHOUT ROWID;
