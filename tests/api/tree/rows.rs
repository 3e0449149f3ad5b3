//! The rows of the tree, read past the program, and what must hold of them at any moment.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    RunQueryDsl as _,
    sql_types::{BigInt, Nullable, Text},
};
use terrace::{db::Conn, domain::Day};

/// Highest first, as in the database.
pub const TIERS: [&str; 4] = ["bureau", "county", "township", "village"];

/// A row of `service_points`, read past the program.
#[derive(Clone, Debug, PartialEq, Eq, diesel::QueryableByName)]
pub struct Row {
    #[diesel(sql_type = Text)]
    pub id: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub parent: Option<String>,
    #[diesel(sql_type = Text)]
    pub path: String,
    #[diesel(sql_type = Text)]
    pub tier: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub code: Option<String>,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Text)]
    pub opened_on: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub closed_on: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

impl Row {
    pub fn ended(&self) -> bool {
        self.status == "closed" || self.status == "merged"
    }

    pub fn depth(&self) -> usize {
        TIERS.iter().position(|tier| *tier == self.tier).unwrap()
    }

    pub fn opened(&self) -> Day {
        self.opened_on.parse().unwrap()
    }
}

/// A row of `service_point_parents`.
#[derive(Clone, Debug, diesel::QueryableByName)]
pub struct Span {
    #[diesel(sql_type = Text)]
    pub child: String,
    #[diesel(sql_type = Text)]
    pub parent: String,
    #[diesel(sql_type = Text)]
    pub valid_from: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub valid_to: Option<String>,
}

/// Identifiers are 32 hexadecimal digits here, as in paths.
pub type Points = BTreeMap<String, Row>;
/// By child, oldest first.
pub type Spans = BTreeMap<String, Vec<Span>>;

/// Every point and every span of the database.
pub fn read(conn: &mut Conn) -> (Points, Spans) {
    let sqlite = matches!(conn, Conn::Sqlite(_));
    let hex = |column: &str| match sqlite {
        true => format!("nullif(lower(hex({column})), '')"),
        false => format!("replace(CAST({column} AS text), '-', '')"),
    };
    let points = format!(
        "SELECT {} AS id, {} AS parent, path, tier, region_code AS code, name, status, CAST(opened_on AS text) AS opened_on, \
         CAST(closed_on AS text) AS closed_on, version FROM service_points",
        hex("id"),
        hex("parent_id")
    );
    let spans = format!(
        "SELECT {} AS child, {} AS parent, CAST(valid_from AS text) AS valid_from, CAST(valid_to AS text) AS valid_to \
         FROM service_point_parents ORDER BY service_point_id, valid_from",
        hex("service_point_id"),
        hex("parent_id")
    );
    let rows: Vec<Row> = diesel::sql_query(points).load(conn).unwrap();
    let mut by_child = Spans::new();
    for span in diesel::sql_query(spans).load::<Span>(conn).unwrap() {
        by_child.entry(span.child.clone()).or_default().push(span);
    }
    (rows.into_iter().map(|row| (row.id.clone(), row)).collect(), by_child)
}

/// What holds of any tree at any moment, from the rows alone. Paths are made anew by climbing from parent to parent.
pub fn check(conn: &mut Conn, when: &str) {
    let (points, spans) = read(conn);
    let roots: Vec<&Row> = points.values().filter(|row| row.parent.is_none()).collect();
    assert!(roots.len() == 1 && roots[0].tier == "bureau", "{when}: not one root: {roots:?}");
    let mut codes = BTreeSet::new();
    for row in points.values() {
        let (mut path, mut at, mut steps) = (format!("/{}", row.id), row, 0);
        while let Some(parent) = &at.parent {
            let above = points.get(parent).unwrap_or_else(|| panic!("{when}: {at:?} hangs under nothing"));
            assert_eq!(above.depth() + 1, at.depth(), "{when}: {at:?} hangs under {above:?}");
            path = format!("/{}{path}", above.id);
            at = above;
            steps += 1;
            assert!(steps < TIERS.len(), "{when}: a cycle above {row:?}");
        }
        assert_eq!(row.path, path, "{when}: the path of {row:?}");
        assert!(
            row.ended() || row.code.as_ref().is_none_or(|code| codes.insert(code)),
            "{when}: again the code of {row:?}"
        );
        assert_eq!(row.closed_on.is_some(), row.ended(), "{when}: {row:?}");
        assert!(
            row.closed_on.as_ref().is_none_or(|day| *day >= row.opened_on),
            "{when}: closed before it opened: {row:?}"
        );
        if let Some(parent) = row.parent.as_ref().map(|id| &points[id]) {
            assert!(row.ended() || !parent.ended(), "{when}: {row:?} lives under the ended {parent:?}");
        }
        let history = spans.get(&row.id).map_or(&[][..], Vec::as_slice);
        assert_eq!(history.is_empty(), row.parent.is_none(), "{when}: the parents of {row:?}: {history:?}");
        for (span, next) in history.iter().zip(history.iter().skip(1)) {
            assert_eq!(span.valid_to.as_ref(), Some(&next.valid_from), "{when}: a gap or an overlap: {history:?}");
            assert!(span.valid_from < next.valid_from, "{when}: an empty span: {history:?}");
        }
        if let Some(last) = history.last() {
            assert_eq!(
                (Some(&last.parent), &last.valid_to),
                (row.parent.as_ref(), &None),
                "{when}: not the present parent"
            );
        }
    }
    assert!(spans.keys().all(|child| points.contains_key(child)), "{when}: the history of no point");
}

/// The parent that a point had on a day, from its history.
pub fn parent_on<'a>(spans: &'a Spans, child: &str, day: &str) -> Option<&'a str> {
    let holds = |span: &&Span| *span.valid_from <= *day && span.valid_to.as_ref().is_none_or(|to| day < to.as_str());
    let mut found = spans.get(child)?.iter().filter(holds);
    let parent = found.next()?;
    assert!(found.next().is_none(), "two parents of {child} on {day}");
    Some(&parent.parent)
}
