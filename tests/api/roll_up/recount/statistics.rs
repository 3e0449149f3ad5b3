//! The whole answers that statistics must be.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use terrace::domain::{Day, Id};

use super::{
    ACTIVITIES, Book, Fact, Node, Period, STOCKS,
    employment::{Employment, assert_shown},
};

/// A metric: its code, the ledgers that it adds up, what of a fact it counts, whether it is told by kind, by type and by month,
/// whether it tells of households, what it is a share of, and whether it is a mean over days.
struct Metric {
    code: &'static str,
    ledgers: &'static [&'static str],
    measure: fn(&Fact) -> i64,
    by_kind: bool,
    by_type: bool,
    by_month: bool,
    personal: bool,
    of: Option<&'static str>,
    of_measure: fn(&Fact) -> i64,
    daily: bool,
    employment: Option<Employment>,
}

const fn metric(code: &'static str, ledgers: &'static [&'static str], measure: fn(&Fact) -> i64) -> Metric {
    Metric {
        code,
        ledgers,
        measure,
        by_kind: false,
        by_type: false,
        by_month: true,
        personal: false,
        of: None,
        of_measure: n,
        daily: false,
        employment: None,
    }
}

const fn of_villages(code: &'static str, ledgers: &'static [&'static str]) -> Metric {
    Metric { by_type: true, of: Some("villages"), ..metric(code, ledgers, n) }
}

/// What is told of members of organisations is counted by itself.
const fn of_employment(code: &'static str, employment: Employment) -> Metric {
    Metric { personal: true, by_month: false, employment: Some(employment), ..metric(code, &[], n) }
}

const fn n(fact: &Fact) -> i64 {
    fact.n
}

const fn quantity(fact: &Fact) -> i64 {
    fact.quantity
}

const fn fen(fact: &Fact) -> i64 {
    fact.amount_fen
}

/// The metrics that are counted again, and have not been more than nothing yet.
pub fn uncounted(counted: &BTreeSet<String>) -> Vec<&'static str> {
    METRICS.iter().map(|metric| metric.code).filter(|code| !counted.contains(*code)).collect()
}

const METRICS: [Metric; 47] = [
    Metric { by_kind: true, ..metric("assistance_count", &["assistance"], n) },
    Metric { by_kind: true, ..metric("assistance_quantity", &["assistance"], quantity) },
    Metric { by_kind: true, ..metric("assistance_amount", &["assistance"], fen) },
    Metric { by_type: true, personal: true, ..metric("households", &["households"], n) },
    Metric { by_type: true, personal: true, ..metric("households_registered", &["registered", "registered_ended"], n) },
    Metric { by_type: true, personal: true, ..metric("persons", &["persons"], n) },
    Metric {
        by_kind: true,
        by_type: true,
        personal: true,
        ..metric("households_assisted", &["assisted", "assisted_ended"], n)
    },
    Metric { personal: true, of: Some("households"), ..metric("households_assisted_share", &["assisted"], n) },
    Metric { by_type: true, ..metric("villages", &["villages"], n) },
    Metric { by_type: true, ..metric("villages_serving", &["serving", "serving_ended"], n) },
    Metric { of: Some("villages"), ..metric("villages_serving_share", &["serving"], n) },
    Metric { by_type: true, ..metric("stores", &["stores"], n) },
    Metric { by_type: true, ..metric("stores_opened", &["stores_opened", "stores_opened_ended"], n) },
    Metric { by_type: true, ..metric("stores_active", &["stores_active", "stores_active_ended"], n) },
    Metric { of: Some("stores"), ..metric("stores_active_share", &["stores_active"], n) },
    Metric { by_kind: true, ..metric("sales_amount", &["sales"], fen) },
    Metric { by_kind: true, ..metric("sales_orders", &["sales"], quantity) },
    Metric { daily: true, ..metric("orders_per_day", &["sales"], quantity) },
    Metric { by_kind: true, ..metric("platform_sales", &["sales_platforms"], fen) },
    Metric { by_kind: true, ..metric("product_sales", &["sales_products"], fen) },
    Metric { by_kind: true, ..metric("campaign_sales", &["sales_campaigns"], fen) },
    metric("sales_cumulative", &["sales_to_date"], fen),
    Metric { by_kind: true, ..metric("livestream_sessions", &["livestreams"], n) },
    Metric { by_kind: true, ..metric("livestream_sales", &["livestreams"], fen) },
    Metric { by_type: true, ..metric("partners", &["partners"], n) },
    Metric { by_kind: true, ..metric("training_sessions", &["training_sessions"], n) },
    Metric { by_kind: true, ..metric("training_attendances", &["attendances"], quantity) },
    Metric { by_type: true, personal: true, ..metric("persons_trained", &["trained", "trained_ended"], n) },
    Metric { personal: true, ..metric("persons_trained_cumulative", &["trained_ever", "trained_opening_to_date"], n) },
    Metric {
        by_month: false,
        personal: true,
        of: Some("trainees"),
        ..metric("training_conversion_share", &["converted"], n)
    },
    Metric { by_type: true, ..metric("logistics_sites", &["logistics_sites"], n) },
    of_villages("villages_covered_share", &["villages_covered"]),
    Metric { by_kind: true, ..metric("parcels", &["parcels"], quantity) },
    of_villages("villages_broadband_share", &["villages_broadband"]),
    of_villages("villages_mobile_network_share", &["villages_mobile_network"]),
    of_villages("villages_paved_road_share", &["villages_paved_road"]),
    of_villages("villages_three_phase_power_share", &["villages_three_phase_power"]),
    Metric { by_type: true, personal: true, ..metric("households_lifted", &["households_lifted"], n) },
    Metric { by_type: true, personal: true, ..metric("persons_lifted", &["persons_lifted"], n) },
    Metric { by_kind: true, ..metric("benefit_amount", &["benefits"], fen) },
    of_employment("members_disabled", Employment::Disabled),
    of_employment("wage_mean", Employment::MeanWage),
    of_employment("wage_median", Employment::MedianWage),
    Metric { by_type: true, ..metric("policy_documents", &["policy_documents"], n) },
    Metric {
        by_type: true,
        ..metric("policy_documents_issued", &["policy_documents_issued", "policy_documents_issued_ended"], n)
    },
    Metric { by_kind: true, ..metric("project_payments", &["project_payments"], fen) },
    Metric { of: Some("budgets_to_date"), of_measure: fen, ..metric("project_paid_share", &["payments_to_date"], fen) },
];

/// What statistics are told from: the facts of every period, and who is above whom.
pub struct Recount<'a> {
    pub(super) book: &'a Book,
    pub(super) today: Day,
    facts: BTreeMap<String, Vec<Fact>>,
    pub(super) above: BTreeMap<Id, Vec<Id>>,
}

impl Book {
    /// The statistics of these periods, and of the months of them.
    pub fn recount(&self, today: Day, periods: &[String]) -> Recount<'_> {
        // An agreement may begin or end in a month to come, a policy document lapse, a project begin, and what closes on the last day
        // of the month stands no more in the next: nothing is told of that yet.
        let this_month = Period::of(&today.to_string()[..7]);
        let told = |text: &String| {
            let whole = Period::of(text);
            let begun = Period { last: whole.last.min(this_month.last), ..whole.clone() };
            let (all, until_now) = (self.facts(&whole), self.facts(&begun));
            let lies_ahead = |fact: &Fact| STOCKS.contains(&fact.ledger) || fact.ledger == "budgets_to_date";
            let others = all.into_iter().filter(|fact| !lies_ahead(fact));
            others.chain(until_now.into_iter().filter(lies_ahead)).collect()
        };
        let mut facts = BTreeMap::new();
        for text in periods {
            for text in Period::of(text).months(today).into_iter().chain([text.clone()]) {
                facts.entry(text).or_insert_with_key(told);
            }
        }
        let above = self.nodes.keys().map(|id| (*id, self.upwards(*id).map(|node| node.id).collect())).collect();
        Recount { book: self, today, facts, above }
    }
}

impl Recount<'_> {
    /// Whether a statistic is one that is told from these facts.
    pub fn knows(&self, item: &Value) -> bool {
        METRICS.iter().any(|metric| item["metric"] == metric.code)
    }

    /// The answer for somebody who may see everything, or nothing of households.
    pub fn expected(&self, id: Id, period: &str, persons: bool) -> Value {
        let seen = METRICS.iter().filter(|metric| persons || !metric.personal);
        let items: Vec<Value> = seen.map(|metric| self.item(metric, &self.book.nodes[&id], period)).collect();
        json!({ "service_point_id": id, "period": period, "items": items })
    }

    fn item(&self, metric: &Metric, point: &Node, period: &str) -> Value {
        if let Some(employment) = metric.employment {
            return self.employment(metric.code, employment, point, &Period::of(period));
        }
        let below = |top: Id| move |fact: &Fact| self.above[&fact.at].contains(&top);
        let own = |fact: &Fact| fact.at == point.id;
        let (total, total_of) = self.figure(metric, period, below(point.id));
        let (own, own_of) = self.figure(metric, period, own);
        // In the order of the tree, which among siblings is that of their ids.
        let children = self.book.nodes.values().filter(|node| node.parent_id == Some(point.id));
        let by_child: Vec<Value> = children
            .map(|child| {
                let (value, of) = self.figure(metric, period, below(child.id));
                with(of, json!({ "service_point_id": child.id, "name": child.name, "value": value }))
            })
            .collect();
        let here: Vec<&Fact> =
            self.facts[period].iter().filter(|fact| self.above[&fact.at].contains(&point.id)).collect();
        let (mut kinds, mut types) = (BTreeMap::<&str, i64>::new(), BTreeMap::<&str, i64>::new());
        for fact in here.into_iter().filter(|fact| metric.ledgers.contains(&fact.ledger)) {
            if metric.by_kind && !fact.kind.is_empty() {
                *kinds.entry(&fact.kind).or_default() += (metric.measure)(fact);
            }
            if metric.by_type && fact.kind.is_empty() {
                *types.entry(&fact.class).or_default() += (metric.measure)(fact);
            }
        }
        let told = |(_, value): &(&str, i64)| *value != 0;
        let kinds = kinds.into_iter().filter(told).map(|(kind, value)| json!({ "kind": kind, "value": value }));
        let types = types.into_iter().filter(told).map(|(class, value)| json!({ "type": class, "value": value }));
        let months = if metric.by_month { Period::of(period).months(self.today) } else { Vec::new() };
        let months = months.into_iter().map(|month| {
            let (value, of) = self.figure(metric, &month, below(point.id));
            with(of, json!({ "month": month, "value": value }))
        });
        let mut item = json!({
            "metric": metric.code, "total": total, "own": own, "by_child": by_child, "by_kind": kinds.collect::<Vec<_>>(),
            "by_type": types.collect::<Vec<_>>(), "by_month": months.collect::<Vec<_>>(),
        });
        if let (Some(of), Some(own_of)) = (total_of, own_of) {
            item["of"] = json!(of);
            item["own_of"] = json!(own_of);
            match metric.daily {
                true => item["mean_hundredths"] = json!(quotient(total, of, 100)),
                false => item["rate_bp"] = json!(quotient(total, of, 10_000)),
            }
        }
        if metric.code == "villages" && point.region_code.as_deref() == Some("621200000000") {
            self.add_reference(item.as_object_mut().unwrap(), period);
        }
        item
    }

    /// What a metric is in a period over some of the points, and what it is a part of.
    fn figure(&self, metric: &Metric, period: &str, counts: impl Fn(&Fact) -> bool) -> (i64, Option<i64>) {
        let facts = || self.facts[period].iter().filter(|fact| counts(fact));
        // Under each kind a household is one of those reached by it; only those under any make the total.
        let any = |fact: &&Fact| ACTIVITIES.contains(&fact.ledger) || fact.kind.is_empty();
        let mine = facts().filter(any).filter(|fact| metric.ledgers.contains(&fact.ledger));
        let of = metric.of.map(|stock| facts().filter(|fact| fact.ledger == stock).map(metric.of_measure).sum());
        let days = metric.daily.then(|| Period::of(period).days_begun(self.today));
        (mine.map(metric.measure).sum(), of.or(days))
    }

    fn add_reference(&self, item: &mut Map<String, Value>, period: &str) {
        if Period::of(period).last < "2023-01-01".parse().unwrap() {
            return;
        }
        let source = &item_source();
        item.insert("reference".to_owned(), json!({ "value": 3201, "as_of": "2023-01-01", "source": source }));
    }
}

/// The words come from the registry; they are no number.
fn item_source() -> Value {
    let (zh, en) = terrace::domain::metrics::REFERENCES[0].source;
    json!({ "zh": zh, "en": en })
}

fn with(of: Option<i64>, mut figure: Value) -> Value {
    if let Some(of) = of {
        figure["of"] = json!(of);
    }
    figure
}

/// So many parts of it to the nearest, a half upwards; nothing of nothing.
pub(super) fn quotient(value: i64, of: i64, parts: i64) -> Option<i64> {
    (of != 0).then(|| (2 * parts * value + of).div_euclid(2 * of))
}

/// What must hold of any answer, whatever the numbers.
pub fn assert_sums(answer: &Value) {
    for item in answer["items"].as_array().unwrap() {
        let metric = METRICS.iter().find(|metric| item["metric"] == metric.code);
        if metric.is_some_and(|metric| metric.employment.is_some()) {
            assert_shown(item);
            continue;
        }
        let number = |field: &str| item[field].as_i64().unwrap_or_else(|| panic!("no {field}: {answer}"));
        let sum = |parts: &str, field: &str| -> i64 {
            let parts = item[parts].as_array().unwrap().iter();
            parts.map(|part| part[field].as_i64().unwrap_or_else(|| panic!("no {field}: {answer}"))).sum()
        };
        assert_eq!(number("total"), number("own") + sum("by_child", "value"), "{answer}");
        assert!(number("own") >= 0, "{answer}");
        // The days that a mean is over are everybody's.
        let is_daily = item["metric"] == "orders_per_day";
        if item.get("of").is_some() && !is_daily {
            assert_eq!(number("of"), number("own_of") + sum("by_child", "of"), "{answer}");
        }
        let Some(metric) = metric else { continue };
        if metric.by_kind && ACTIVITIES.contains(&metric.ledgers[0]) {
            assert_eq!(number("total"), sum("by_kind", "value"), "{answer}");
            if answer["period"].as_str().unwrap().len() != 7 || answer["period"].as_str().unwrap().contains('Q') {
                let months = item["by_month"].as_array().unwrap();
                assert!(months.is_empty() || number("total") == sum("by_month", "value"), "{answer}");
            }
        }
        if metric.by_type {
            assert_eq!(number("total"), sum("by_type", "value"), "{answer}");
        }
        if metric.of.is_some() {
            assert!(number("total") <= number("of"), "{answer}");
        }
        assert_eq!(item.get("rate_bp").is_some(), metric.of.is_some(), "{answer}");
        assert_eq!(item.get("mean_hundredths").is_some(), metric.daily, "{answer}");
    }
}
