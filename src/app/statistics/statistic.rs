//! One metric of one point in one period.

use std::collections::BTreeMap;

use crate::domain::{
    Month,
    metrics::{Metric, Reference},
};

/// A figure, and for a share what it is a part of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// How many.
    pub value: i64,
    /// Of how many; none when the metric is no share.
    pub of: Option<i64>,
}

/// What is not shown, because it tells of few persons or would tell of them by subtraction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// The figure itself, and with it all of it.
    pub total: bool,
    /// What the point did itself, and its children.
    pub parts: bool,
    /// The kinds.
    pub kinds: bool,
}

/// One metric of one point in one period. `total = own + Σ by_child`, but for a median.
#[derive(Clone, Debug)]
pub struct Statistic {
    /// Which metric.
    pub metric: &'static Metric,
    /// The whole subtree.
    pub total: Figure,
    /// The point itself.
    pub own: Figure,
    /// Each child's subtree, in the order of the tree.
    pub by_child: Vec<Figure>,
    /// The whole subtree by kind of assistance; kinds with nothing are left out.
    pub by_kind: BTreeMap<String, i64>,
    /// The whole subtree by type of household, or by kind of village.
    pub by_type: BTreeMap<String, i64>,
    /// The whole subtree in each month of a quarter or a year, up to the present one.
    pub by_month: Vec<(Month, Figure)>,
    /// What an authority has published beside it.
    pub reference: Option<&'static Reference>,
    /// The total of the period just before, and of the same one of the year before, if that was asked; none where it is hidden.
    pub compared: Option<(Option<Figure>, Option<Figure>)>,
    /// What is not shown.
    pub hidden: Hidden,
}

impl Statistic {
    /// A metric of which nothing is told.
    pub(in crate::app) fn of(metric: &'static Metric) -> Self {
        Self {
            metric,
            total: Figure::default(),
            own: Figure::default(),
            by_child: Vec::new(),
            by_kind: BTreeMap::new(),
            by_type: BTreeMap::new(),
            by_month: Vec::new(),
            reference: None,
            compared: None,
            hidden: Hidden::default(),
        }
    }

    /// The total, if it is shown.
    pub fn shown(&self) -> Option<Figure> {
        Some(self.total).filter(|_| !self.hidden.total)
    }
}
