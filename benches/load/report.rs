//! The figures, as a table and as JSON.

use std::{fs, path::Path, thread};

use serde_json::{Value, json};

use crate::support::Result;

/// What a figure is measured by.
#[derive(Clone, Copy)]
pub enum Bar {
    /// Good when not below.
    AtLeast(f64),
    /// Good when not above.
    AtMost(f64),
}

/// A figure.
pub struct Figure {
    code: &'static str,
    what: String,
    value: f64,
    unit: &'static str,
    bar: Option<Bar>,
}

/// The figures of a run.
pub struct Report {
    machine: Machine,
    database: String,
    options: Value,
    judged: bool,
    figures: Vec<Figure>,
    notes: Vec<String>,
}

impl Report {
    /// No figures yet. A run that is too small to say anything is not judged.
    pub fn new(database: String, options: Value, judged: bool) -> Self {
        Self { machine: Machine::read(), database, options, judged, figures: Vec::new(), notes: Vec::new() }
    }

    /// Adds a figure.
    pub fn add(&mut self, code: &'static str, what: impl Into<String>, value: f64, unit: &'static str) {
        self.figures.push(Figure { code, what: what.into(), value, unit, bar: None });
    }

    /// Adds a figure that should reach something.
    pub fn judge(&mut self, code: &'static str, what: impl Into<String>, value: f64, unit: &'static str, bar: Bar) {
        self.figures.push(Figure { code, what: what.into(), value, unit, bar: Some(bar) });
    }

    /// Adds a sentence.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// The table.
    pub fn print(&self) {
        let bars: Vec<String> = self.figures.iter().map(|figure| self.bar(figure)).collect();
        let values: Vec<String> = self.figures.iter().map(|figure| shown(figure.value, figure.unit)).collect();
        let width = |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
        let what = width(&mut self.figures.iter().map(|figure| figure.what.as_str()));
        let value = width(&mut values.iter().map(String::as_str));
        println!("\n{}\n{}\n{}\n", self.machine.sentence(), self.database, self.options);
        for (figure, (shown, bar)) in self.figures.iter().zip(values.iter().zip(&bars)) {
            println!("{:<what$}  {shown:>value$}  {bar}", figure.what);
        }
        for note in &self.notes {
            println!("\n{note}");
        }
    }

    /// The same as JSON.
    pub fn write(&self, file: &Path) -> Result<()> {
        let figure = |figure: &Figure| {
            let (at_least, at_most) = match figure.bar {
                Some(Bar::AtLeast(bar)) => (Some(bar), None),
                Some(Bar::AtMost(bar)) => (None, Some(bar)),
                None => (None, None),
            };
            json!({
                "code": figure.code, "what": figure.what, "value": figure.value, "unit": figure.unit,
                "at_least": at_least, "at_most": at_most, "met": self.met(figure),
            })
        };
        let report = json!({
            "machine": self.machine.json(), "database": self.database, "options": self.options,
            "figures": self.figures.iter().map(figure).collect::<Vec<_>>(), "notes": self.notes,
        });
        fs::write(file, serde_json::to_string_pretty(&report)? + "\n")?;
        Ok(())
    }

    fn met(&self, figure: &Figure) -> Option<bool> {
        figure.bar.filter(|_| self.judged).map(|bar| match bar {
            Bar::AtLeast(bar) => figure.value >= bar,
            Bar::AtMost(bar) => figure.value <= bar,
        })
    }

    fn bar(&self, figure: &Figure) -> String {
        let words = match figure.bar {
            Some(Bar::AtLeast(bar)) => format!("bar: at least {}", shown(bar, figure.unit)),
            Some(Bar::AtMost(bar)) => format!("bar: at most {}", shown(bar, figure.unit)),
            None => return String::new(),
        };
        match self.met(figure) {
            Some(true) => format!("{words}, met"),
            Some(false) => format!("{words}, NOT MET"),
            None => words,
        }
    }
}

fn shown(value: f64, unit: &str) -> String {
    match unit {
        "/s" => format!("{value:.0} /s"),
        "ms" => format!("{value:.2} ms"),
        "" => format!("{value:.0}"),
        unit => format!("{value:.2} {unit}"),
    }
}

/// What a figure was measured on.
struct Machine {
    cores: usize,
    model: String,
    memory_gib: f64,
    load: String,
}

impl Machine {
    fn read() -> Self {
        let line = |file: &str, name: &str| {
            let text = fs::read_to_string(file).unwrap_or_default();
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix(name)?.split_once(':').map(|(_, value)| value.trim().to_owned()));
            line.unwrap_or_else(|| "unknown".to_owned())
        };
        let kibibytes: f64 =
            line("/proc/meminfo", "MemTotal").split(' ').next().and_then(|digits| digits.parse().ok()).unwrap_or(0.0);
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        Self {
            cores: thread::available_parallelism().map_or(0, std::num::NonZero::get),
            model: line("/proc/cpuinfo", "model name"),
            memory_gib: kibibytes / 1024.0 / 1024.0,
            load: load.split(' ').next().unwrap_or_default().to_owned(),
        }
    }

    fn sentence(&self) -> String {
        format!(
            "{} cores ({}), {:.0} GiB of memory, load {} before the run; server, load and database share them",
            self.cores, self.model, self.memory_gib, self.load
        )
    }

    fn json(&self) -> Value {
        json!({"cores": self.cores, "model": self.model, "memory_gib": self.memory_gib, "load_before": self.load})
    }
}
