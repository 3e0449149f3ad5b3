//! Scope inside the SQL: the condition that every list carries.

use diesel::{BoxableExpression, ExpressionMethods as _, SelectableExpression, dsl::sql, sql_types::Bool};

use super::{MultiBackend, schema::service_points};
use crate::domain::{
    PointPath,
    access::{Area, Reach},
    codes::Tier,
    policy::Extent,
};

/// A condition on the service point of a row.
pub type Condition<Source> = Box<dyn BoxableExpression<Source, MultiBackend, SqlType = Bool>>;

/// True for rows whose service point is reached: a range of the path's index for each area.
pub fn within<Source>(reach: &Reach) -> Condition<Source>
where
    Source: 'static,
    service_points::path: SelectableExpression<Source>,
{
    within_from(reach, None)
}

/// The same from a path on, for a list in the order of the tree that goes on there. Of two lower bounds SQLite begins at the
/// first that it meets, so there is one: else a page would look at every point above it in the list.
pub fn within_from<Source>(reach: &Reach, from: Option<&PointPath>) -> Condition<Source>
where
    Source: 'static,
    service_points::path: SelectableExpression<Source>,
{
    let mut areas = reach.areas().iter().filter_map(|area| area_condition::<Source>(area, from));
    match areas.next() {
        None => Box::new(sql::<Bool>("1 = 0")),
        Some(first) => areas.fold(first, |any, area| Box::new(diesel::BoolExpressionMethods::or(any, area))),
    }
}

fn area_condition<Source>(area: &Area, from: Option<&PointPath>) -> Option<Condition<Source>>
where
    Source: 'static,
    service_points::path: SelectableExpression<Source>,
{
    // The top's own path sorts just before those of its descendants, so one range holds a subtree; ids are all
    // of one length, so nothing foreign lies between the two.
    let start = match area.extent {
        Extent::Children | Extent::Reviewed => return Some(children_condition(area)),
        Extent::Lineage => return Some(lineage_condition(area)),
        Extent::Upper => return Some(upper_condition(area)),
        Extent::Subtree => area.path.as_str().to_owned(),
        Extent::Below => area.path.descendants_start(),
        Extent::Own if from.is_some_and(|from| area.path.as_str() < from.as_str()) => return None,
        Extent::Own => return Some(Box::new(service_points::path.eq(area.path.clone()))),
    };
    let start = start.max(from.map(|from| from.as_str().to_owned()).unwrap_or_default());
    Some(Box::new(diesel::BoolExpressionMethods::and(
        service_points::path.ge(PointPath::from_stored(start)),
        service_points::path.lt(PointPath::from_stored(area.path.descendants_end())),
    )))
}

/// A subtree, and each of the points above it.
fn lineage_condition<Source>(area: &Area) -> Condition<Source>
where
    Source: 'static,
    service_points::path: SelectableExpression<Source>,
{
    let above = std::iter::successors(area.path.parent(), PointPath::parent);
    above.fold(subtree_condition(area), |any, path| {
        Box::new(diesel::BoolExpressionMethods::or(any, service_points::path.eq(path)))
    })
}

/// The points of a subtree that are not below the counties.
fn upper_condition<Source>(area: &Area) -> Condition<Source>
where
    Source: 'static,
    service_points::path: SelectableExpression<Source>,
{
    let longest = i32::try_from(area.path.as_str().len() / area.path.depth().max(1) * Tier::County.depth());
    let is_short = length(service_points::path).le(longest.unwrap_or(i32::MAX));
    Box::new(diesel::BoolExpressionMethods::and(subtree_condition::<Source>(area), is_short))
}

fn subtree_condition<Source>(area: &Area) -> Condition<Source>
where
    Source: 'static,
    service_points::path: SelectableExpression<Source>,
{
    Box::new(diesel::BoolExpressionMethods::and(
        service_points::path.ge(area.path.clone()),
        service_points::path.lt(PointPath::from_stored(area.path.descendants_end())),
    ))
}

diesel::define_sql_function! {
    /// The number of characters.
    fn length(text: diesel::sql_types::Text) -> diesel::sql_types::Integer;
}

/// The points just below a point; the root itself too, where it reviews its own report. Nothing that lies further down has a
/// path of that length.
fn children_condition<Source>(area: &Area) -> Condition<Source>
where
    Source: 'static,
    service_points::path: SelectableExpression<Source>,
{
    let is_root = area.extent == Extent::Reviewed && area.path.parent().is_none();
    let start = if is_root { area.path.as_str().to_owned() } else { area.path.descendants_start() };
    // As long as the path of the point and one id more.
    let longest = i32::try_from(area.path.as_str().len() / area.path.depth().max(1) * (area.path.depth() + 1));
    let inside = diesel::BoolExpressionMethods::and(
        service_points::path.ge(PointPath::from_stored(start)),
        service_points::path.lt(PointPath::from_stored(area.path.descendants_end())),
    );
    Box::new(diesel::BoolExpressionMethods::and(inside, length(service_points::path).le(longest.unwrap_or(i32::MAX))))
}
