//! The monthly reports of the simulated year: the counties that report send in every whole month and are reviewed from the
//! villages up, the bureau closes all months but the last, and that one is left in the middle of its way.

use super::{
    calendar::Year,
    dice::Dice,
    network::Desk,
    sitting::{By, Sent, Sitting, Verdict},
};
use crate::{
    app::{
        households::Reason,
        reports::{SubmitReport, WaiveReport},
    },
    domain::{Id, Instant, Month, Text},
};

/// The days of the next month on which townships, counties and the bureau send in, at the earliest; villages begin on the first.
const TOWNSHIPS: u64 = 4;
const COUNTIES: u64 = 6;
const BUREAU: u64 = 8;

/// So many days after a month what is done with its reports has been done, as far as it goes. Until then the month before is the one
/// under way: on the first of a month nobody would have anything to look at.
const DONE_WITHIN: u64 = 10;

/// What most reports say besides their figures.
const NOTE: &str = "模拟：本月数据已核对";
const RETURNS: &[&str] = &["模拟：两条记录的数量与台账不符", "模拟：漏报物流代办", "模拟：请核对培训人数"];
const REOPENINGS: &[&str] = &["模拟：发现一条重复记录", "模拟：补充说明"];
const NOT_WAITED_FOR: &str = "模拟：试点以外，本月不要求上报";
const CUT_OFF: &str = "模拟：道路中断，本月免报";

/// A report, and what is done with it from its first day on.
struct Sheet<'d> {
    desk: &'d Desk,
    above: &'d Desk,
    at: Instant,
    steps: &'static [Step],
}

/// What is done with a report.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Send,
    Return,
    Approve,
    Reopen,
}

const WAITS: &[Step] = &[Step::Send];
const RETURNED: &[Step] = &[Step::Send, Step::Return];
const APPROVED: &[Step] = &[Step::Send, Step::Approve];
const CORRECTED: &[Step] = &[Step::Send, Step::Return, Step::Send, Step::Approve];
const OPENED_AGAIN: &[Step] = &[Step::Send, Step::Approve, Step::Reopen, Step::Send, Step::Approve];

/// Plans the reports of a year.
pub struct Reporting<'p> {
    year: &'p Year,
    dice: Dice,
    bureau: &'p Desk,
}

impl<'p> Reporting<'p> {
    /// Of this year, with dice of its own.
    pub fn new(year: &'p Year, seed: u64, bureau: &'p Desk) -> Self {
        Self { year, dice: Dice::of(seed, u64::MAX), bureau }
    }

    /// Plans so many of the last whole months whose reports have had their time.
    pub fn plan(mut self, reported_months: usize, hand_out: &mut dyn FnMut(Sitting)) {
        let has_had_time = |month: &Month| month.next().first_day().plus_days(DONE_WITHIN) <= self.year.last;
        let months: Vec<Month> = self.year.whole_months().into_iter().filter(has_had_time).collect();
        let months = &months[months.len().saturating_sub(reported_months)..];
        let Some((last, before)) = months.split_last() else { return };
        for (number, month) in before.iter().enumerate() {
            self.closed(*month, number, hand_out);
        }
        self.under_way(*last, hand_out);
    }

    /// A month that goes all the way up.
    fn closed(&mut self, month: Month, number: usize, hand_out: &mut dyn FnMut(Sitting)) {
        let bureau = self.bureau;
        let mut counties = Vec::new();
        for county in bureau.below.iter().filter(|county| county.reports) {
            let mut townships = Vec::new();
            for (place, township) in county.below.iter().enumerate() {
                let mut villages: Vec<&Desk> = township.below.iter().collect();
                // One township after another has a village that is cut off for a month.
                if villages.len() > 1 && place == number {
                    let cut_off = villages.swap_remove(number % villages.len());
                    self.waive(township, &[cut_off], month, (2, CUT_OFF), hand_out);
                }
                let villages = villages.into_iter().map(|village| self.sheet((village, township), month)).collect();
                let approved = self.carry_out(villages, month, hand_out);
                townships.push(self.sheet_after((township, county), month, approved, TOWNSHIPS));
            }
            let approved = self.carry_out(townships, month, hand_out);
            counties.push(self.sheet_after((county, bureau), month, approved, COUNTIES));
        }
        let approved = self.carry_out(counties, month, hand_out);
        self.others(month, hand_out);
        let closing = self.sheet_after((bureau, bureau), month, approved, BUREAU);
        self.carry_out(vec![Sheet { steps: APPROVED, ..closing }], month, hand_out);
    }

    /// The last of them: the county in which people sign in has it before it, and each state can be found there.
    fn under_way(&mut self, month: Month, hand_out: &mut dyn FnMut(Sitting)) {
        let bureau = self.bureau;
        for county in bureau.below.iter().filter(|county| county.reports) {
            let mut townships = Vec::new();
            for (place, township) in county.below.iter().enumerate() {
                // People sign in at the first township and its first two villages: they have something to do.
                let mut unfinished = match place {
                    0 => [None, Some(RETURNED), Some(WAITS)].as_slice(),
                    3 => [Some(WAITS), None].as_slice(),
                    _ => [].as_slice(),
                }
                .iter()
                .copied();
                let is_whole = unfinished.len() == 0;
                let steps = township.below.iter().map(|village| (village, unfinished.next().unwrap_or(Some(APPROVED))));
                let villages = steps
                    .filter_map(|(village, steps)| {
                        Some(Sheet { steps: steps?, ..self.sheet((village, township), month) })
                    })
                    .collect();
                let approved = self.carry_out(villages, month, hand_out);
                if is_whole {
                    let steps = match place {
                        1 => RETURNED,
                        2 => APPROVED,
                        _ => WAITS,
                    };
                    townships.push(Sheet { steps, ..self.sheet_after((township, county), month, approved, TOWNSHIPS) });
                }
            }
            self.carry_out(townships, month, hand_out);
        }
        self.others(month, hand_out);
    }

    /// The bureau does without the reports of the counties that do not report.
    fn others(&mut self, month: Month, hand_out: &mut dyn FnMut(Sitting)) {
        let others: Vec<&Desk> = self.bureau.below.iter().filter(|county| !county.reports).collect();
        self.waive(self.bureau, &others, month, (BUREAU, NOT_WAITED_FOR), hand_out);
    }

    fn waive(
        &mut self,
        above: &Desk,
        children: &[&Desk],
        month: Month,
        (day, reason): (u64, &str),
        hand_out: &mut dyn FnMut(Sitting),
    ) {
        let at = self.moment(month, day);
        let (Some(by), true) = (above.reviewer, self.has_come(at)) else { return };
        let waived = children.iter().map(|child| {
            let service_point_id = child.point;
            By(by, (at, WaiveReport { id: None, service_point_id, month, reason: Text::new(reason) }))
        });
        hand_out_some(hand_out, Sitting::Waive, waived.collect());
    }

    /// A report that is sent in in the first days of the next month, sometimes late.
    fn sheet(&mut self, (desk, above): (&'p Desk, &'p Desk), month: Month) -> Sheet<'p> {
        let day = if self.dice.often(45) { self.dice.among(4..=5) } else { self.dice.among(1..=3) };
        let steps = [APPROVED, CORRECTED, OPENED_AGAIN][self.dice.weighed(&[950, 35, 15])];
        Sheet { desk, above, at: self.moment(month, day.unsigned_abs()), steps }
    }

    /// A report that is sent in when those from below have been approved, and not before a day.
    fn sheet_after(&mut self, who: (&'p Desk, &'p Desk), month: Month, approved: Instant, day: u64) -> Sheet<'p> {
        let at = self.moment(month, day).max(approved.plus_seconds(self.dice.among(600..=6_000)));
        Sheet { at, ..self.sheet(who, month) }
    }

    /// Carries the steps out, as far as their days have come; the moment of the last one.
    fn carry_out(&mut self, mut sheets: Vec<Sheet<'p>>, month: Month, hand_out: &mut dyn FnMut(Sitting)) -> Instant {
        let ids: Vec<Id> = sheets.iter().map(|sheet| Id::from_parts(sheet.at, self.dice.bytes())).collect();
        let mut last = self.moment(month, 1);
        for turn in 0..OPENED_AGAIN.len() {
            let (mut sent, mut verdicts, mut reopened) = (Vec::new(), Vec::new(), Vec::new());
            for (sheet, id) in sheets.iter_mut().zip(&ids) {
                let (Some(step), Some(reviewer)) = (sheet.steps.get(turn), sheet.above.reviewer) else { continue };
                if turn > 0 {
                    sheet.at = self.soon_after(sheet.at);
                }
                if !self.has_come(sheet.at) {
                    sheet.steps = &[];
                    continue;
                }
                let mut reason = |reasons| Reason { reason: Text::new(self.dice.pick(reasons)) };
                match step {
                    Step::Send if turn == 0 => {
                        let (service_point_id, note) = (sheet.desk.point, Some(Text::new(NOTE)));
                        let request = SubmitReport { id: Some(*id), service_point_id, month, nil: false, note };
                        sent.push(By(sheet.desk.worker, (sheet.at, Sent::First(request))));
                    }
                    Step::Send => sent.push(By(sheet.desk.worker, (sheet.at, Sent::Again(*id)))),
                    Step::Return => {
                        verdicts.push(By(reviewer, (sheet.at, *id, Verdict::Return(reason(RETURNS)))));
                    }
                    Step::Approve => verdicts.push(By(reviewer, (sheet.at, *id, Verdict::Approve))),
                    Step::Reopen => reopened.push(By(reviewer, (sheet.at, *id, reason(REOPENINGS)))),
                }
                last = last.max(sheet.at);
            }
            hand_out_some(hand_out, Sitting::Submit, sent);
            hand_out_some(hand_out, Sitting::Review, verdicts);
            hand_out_some(hand_out, Sitting::Reopen, reopened);
        }
        last
    }

    /// A moment of a day of the month after this one.
    fn moment(&mut self, month: Month, day: u64) -> Instant {
        let day = month.next().first_day().plus_days(day.saturating_sub(1));
        self.year.moment(day, &mut self.dice)
    }

    /// A moment on the next day.
    fn soon_after(&mut self, at: Instant) -> Instant {
        let next = self.year.moment(at.day().plus_days(1), &mut self.dice);
        next.max(at.plus_seconds(600))
    }

    fn has_come(&self, at: Instant) -> bool {
        at.day() <= self.year.last
    }
}

fn hand_out_some<T>(hand_out: &mut dyn FnMut(Sitting), sitting: impl Fn(Vec<By<T>>) -> Sitting, what: Vec<By<T>>) {
    if !what.is_empty() {
        hand_out(sitting(what));
    }
}
