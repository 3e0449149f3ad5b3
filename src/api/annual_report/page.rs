//! The annual report as a page to print (A4 landscape), and as lines of text.

use std::fmt::Write as _;

use crate::{
    app::annual_report::{AnnualReport, Breakdown, By, Headline, Part},
    db::catalogue_items::CatalogueItem,
    domain::{Period, metrics::Metric},
};

/// What the page may do: show itself.
pub const CSP: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The unit of money, which is told in yuan.
const FEN: &str = "分";

const STYLE: &str = "@page{size:A4 landscape;margin:14mm}body{font:14px/1.6 'Noto Sans SC','Microsoft YaHei',sans-serif;\
color:#1c2321;margin:24px auto;max-width:270mm}h1{font-size:22px;margin:0}h2{font-size:16px;margin:22px 0 6px;\
break-after:avoid}p{margin:4px 0}.note{color:#5b6660;font-size:12px}.mark{border:1px solid #a4502c;color:#a4502c;\
padding:1px 8px;margin-left:12px;font-size:13px}table{border-collapse:collapse;width:100%}th,td{border:1px solid #c9d1cc;\
padding:4px 8px;text-align:left;vertical-align:top}th{background:#eef2ef;font-weight:600}td.n{text-align:right;\
font-variant-numeric:tabular-nums;white-space:nowrap}tr{break-inside:avoid}.two{columns:2;column-gap:20px;\
margin-top:22px}.two section{break-inside:avoid;margin-bottom:22px}.two h2{margin-top:0}footer{margin-top:28px;display:flex;gap:40px}footer span{flex:1;border-bottom:1px solid #1c2321}";

/// The page.
pub fn html(report: &AnnualReport) -> String {
    let mut page = String::with_capacity(32 * 1024);
    let (name, year) = (escape(&report.point.name), report.year);
    let mark = if report.is_simulated { "<span class=\"mark\">模拟数据</span>" } else { "" };
    let _ = write!(
        page,
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{name} {year} 年度报告</title>\
         <style>{STYLE}</style></head><body><h1>{name} {year} 年度报告{mark}</h1>\
         <p class=\"note\">数据截至 {}；各项由记录和期初数即时汇总，口径见表。\
         每项的明细：/api/v1/service-points/{}/statistics/rows?period={year}&amp;metric=（指标代码）</p>",
        report.as_of, report.point.id
    );
    page.push_str(
        "<h2>主要指标</h2><table><thead><tr><th>指标</th><th>本年</th><th>上年</th><th>增减</th><th>口径</th></tr></thead><tbody>",
    );
    for headline in &report.headlines {
        let _ = write!(
            page,
            "<tr><td>{}<br><span class=\"note\">{}</span></td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"note\">{}</td></tr>",
            escape(headline.metric.zh),
            headline.metric.code,
            now(headline),
            before(headline),
            change(report, headline).unwrap_or_else(|| "—".to_owned()),
            escape(headline.metric.definition.0)
        );
    }
    page.push_str("</tbody></table>");
    if !report.overlaps.is_empty() {
        let pairs: Vec<String> =
            report.overlaps.iter().map(|(one, other)| format!("{}与{}", escape(one), escape(other))).collect();
        let _ = write!(
            page,
            "<p class=\"note\">注意：{}日期重叠，每条销售记录只归入其中一项；活动销售额均为全部销售额的一部分，不得与其相加。</p>",
            pairs.join("、")
        );
    }
    beside(&mut page, report);
    page.push_str("<div class=\"two\">");
    for breakdown in &report.breakdowns {
        section(&mut page, breakdown);
    }
    let _ = write!(
        page,
        "</div><footer><span>单位：{name}</span><span>填报人：</span><span>审核人：</span><span>日期：</span></footer>\
         <p class=\"note\">（盖章）</p></body></html>"
    );
    page
}

/// What others have published: beside the figures, in a table of its own.
fn beside(page: &mut String, report: &AnnualReport) {
    if report.indicators.is_empty() {
        return;
    }
    page.push_str(
        "<h2>外部指标</h2><p class=\"note\">由其他机构公布，口径各异，仅供并列参考，不与本系统统计的数字相加或比较增减。</p>\
         <table><thead><tr><th>指标</th><th>数值</th><th>时点</th><th>来源</th><th>口径</th></tr></thead><tbody>",
    );
    for indicator in &report.indicators {
        let _ = write!(
            page,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"note\">{}</td><td class=\"note\">{}</td></tr>",
            escape(&indicator.name),
            escape(&published(indicator)),
            indicator.starts_on.map_or_else(String::new, |day| day.to_string()),
            escape(indicator.source.as_deref().unwrap_or_default()),
            escape(indicator.note.as_deref().unwrap_or_default())
        );
    }
    page.push_str("</tbody></table>");
}

/// The value of an indicator with its unit.
fn published(indicator: &CatalogueItem) -> String {
    let (value, unit) = (indicator.value.unwrap_or_default(), indicator.mark.as_deref().unwrap_or_default());
    match u32::try_from(indicator.decimals.unwrap_or_default()) {
        Ok(places @ 1..) => format!("{} {unit}", decimal(value, places)),
        _ => format!("{} {unit}", grouped(value)),
    }
}

fn section(page: &mut String, breakdown: &Breakdown) {
    let (metric, by) = (breakdown.metric, by_words(breakdown));
    let _ = write!(page, "<section><h2>{}（{by}）</h2><table><tbody>", escape(metric.zh));
    for part in &breakdown.parts {
        let _ = write!(
            page,
            "<tr><td>{}</td><td class=\"n\">{}</td></tr>",
            escape(&part.name.0),
            told(metric, part.value, part.of)
        );
    }
    page.push_str("</tbody></table></section>");
}

/// The report as lines of text, in Chinese.
pub fn text(report: &AnnualReport) -> String {
    let mut lines = String::new();
    let mark = if report.is_simulated { "（模拟数据）" } else { "" };
    let _ = writeln!(lines, "{} {} 年度报告{mark}，数据截至 {}\n", report.point.name, report.year, report.as_of);
    for headline in &report.headlines {
        let change =
            change(report, headline).map(|change| format!("，上年 {}，{change}", before(headline))).unwrap_or_default();
        let _ = writeln!(lines, "{}：{}{change}", headline.metric.zh, now(headline));
    }
    for breakdown in &report.breakdowns {
        let part = |part: &Part| format!("{} {}", part.name.0, told(breakdown.metric, part.value, part.of));
        let parts: Vec<String> = breakdown.parts.iter().map(part).collect();
        let _ = writeln!(lines, "\n{}（{}）：{}", breakdown.metric.zh, by_words(breakdown), parts.join("；"));
    }
    if !report.indicators.is_empty() {
        let _ = writeln!(lines, "\n外部指标（由其他机构公布，仅供并列参考）：");
    }
    for indicator in &report.indicators {
        let day = indicator.starts_on.map_or_else(String::new, |day| day.to_string());
        let (source, definition) = (indicator.source.as_deref(), indicator.note.as_deref());
        let (source, definition) = (source.unwrap_or_default(), definition.unwrap_or_default());
        let _ = writeln!(lines, "{}：{}（{day}；{source}；{definition}）", indicator.name, published(indicator));
    }
    lines
}

fn by_words(breakdown: &Breakdown) -> &'static str {
    match (breakdown.by, breakdown.metric.code) {
        (By::Child, _) => "按下级机构",
        (By::Month, _) => "按月",
        (By::Type, "stores") | (_, "platform_sales") => "按平台",
        (By::Type, "policy_documents") => "按主题",
        (By::Type, _) => "按类别",
        (By::Kind, "sales_amount") => "按渠道",
        (By::Kind, "product_sales") => "按产品",
        (By::Kind, "campaign_sales") => "按活动",
        (By::Kind, "parcels") => "按流向",
        (By::Kind, "members_disabled") => "按分工",
        (By::Kind, "benefit_amount") => "按方式",
        (By::Kind, "project_payments") => "按资金来源",
        (By::Kind, _) => "按主题",
    }
}

fn now(headline: &Headline) -> String {
    let Some(figure) = headline.figure else { return "不显示（以免推知个别人的情况）".to_owned() };
    let told = told(headline.metric, figure.value, figure.of);
    headline.rows_from.map_or(told.clone(), |day| format!("{told}（{day} 起）"))
}

fn before(headline: &Headline) -> String {
    headline.before.map_or_else(|| "—".to_owned(), |before| told(headline.metric, before.value, before.of))
}

/// A figure with its unit; a share as n/N with its rate, a mean as its quotient.
fn told(metric: &Metric, value: i64, of: Option<i64>) -> String {
    let is_money = metric.unit.0 == FEN;
    match of {
        None => amount(metric, value),
        Some(of) if metric.is_mean() && is_money => {
            let mean = super::mean(value, of).map_or_else(|| "—".to_owned(), |mean| decimal((mean + 50) / 100, 2));
            format!("{mean} 元（{} 条）", grouped(of))
        }
        Some(of) if metric.is_mean() => {
            let mean = super::mean(value, of).map_or_else(|| "—".to_owned(), |mean| decimal(mean, 2));
            format!("{mean} {}（{} ÷ {} 天）", metric.unit.0, grouped(value), grouped(of))
        }
        Some(of) => {
            let rate = super::rate(value, of).map_or_else(|| "—".to_owned(), |rate| format!("{}%", decimal(rate, 2)));
            let part = |value| if is_money { decimal(value, 2) } else { grouped(value) };
            format!("{}/{}{}（{rate}）", part(value), part(of), if is_money { " 元" } else { "" })
        }
    }
}

/// A year that runs is not compared with a whole one.
fn change(report: &AnnualReport, headline: &Headline) -> Option<String> {
    let is_over = Period::Year(report.year).last_day() == Some(report.as_of);
    let figure = headline.figure.filter(|figure| is_over && figure.of.is_none())?;
    let change = super::change(figure.value, headline.before?.value)?;
    Some(format!("{}{}%", if change < 0 { "−" } else { "+" }, decimal(change.abs(), 2)))
}

/// A whole figure with its unit; money in yuan.
fn amount(metric: &Metric, value: i64) -> String {
    if metric.unit.0 == FEN {
        format!("{} 元", decimal(value, 2))
    } else {
        format!("{} {}", grouped(value), metric.unit.0)
    }
}

/// A number of hundredths with its point.
fn decimal(value: i64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let (sign, all) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
    format!("{sign}{}.{:0width$}", grouped_digits(all / unit), all % unit, width = places as usize)
}

fn grouped(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", grouped_digits(value.unsigned_abs()))
}

fn grouped_digits(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_money_is_yuan() {
        assert_eq!([0, 7, 1_234, 14_000, -1_000].map(grouped), ["0", "7", "1,234", "14,000", "-1,000"]);
        assert_eq!(
            [0, 5, 521_000_000_000, -150].map(|fen| decimal(fen, 2)),
            ["0.00", "0.05", "5,210,000,000.00", "-1.50"]
        );
    }

    #[test]
    fn what_somebody_typed_is_no_markup() {
        assert_eq!(escape("<b>'\"&"), "&lt;b&gt;&#39;&quot;&amp;");
    }
}
