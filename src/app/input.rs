//! Checking what a request asks for: all faults at once.

use serde::{Deserialize, Deserializer};
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::{
    domain::{Day, Id, Text, codes::CodeList, identity::holds_personal_number, region},
    error::{Error, Fault, Result},
};

/// What is listed or drawn by its days covers at most so many of them.
pub const LONGEST_WINDOW_DAYS: i64 = 366;

/// The faults found so far.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// The faults that the input's own rules find.
    pub fn of(input: &impl Validate) -> Self {
        let mut faults = Self::default();
        if let Err(errors) = input.validate() {
            faults.collect("", &errors);
        }
        // The validator keeps them in a hash map; answers are the same every time.
        faults.0.sort_by(|a, b| (&a.pointer, a.code).cmp(&(&b.pointer, b.code)));
        faults
    }

    /// Notes the faults that a part's own rules find.
    pub fn nested(&mut self, part: &impl Validate, pointer: &str) {
        let found = Self::of(part).0.into_iter();
        self.0.extend(found.map(|fault| Fault { pointer: format!("{pointer}{}", fault.pointer), ..fault }));
    }

    /// Notes a fault unless the rule holds.
    pub fn unless(&mut self, holds: bool, pointer: &str, code: &'static str) {
        if !holds {
            self.0.push(Fault::new(pointer, code));
        }
    }

    /// Notes a fault unless the days of a list are in order and few enough.
    pub fn window(&mut self, from: Day, to: Day) {
        self.unless(from <= to, "to", "before_from");
        self.unless(to.days_since(from) < LONGEST_WINDOW_DAYS, "from", "window_too_wide");
    }

    /// Notes a fault.
    pub fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Notes a fault unless the code is in the list on that day.
    pub fn code(&mut self, list: &CodeList, code: &str, on: Day, pointer: &str) {
        if !list.allows(code, on) {
            self.0.push(Fault::new(pointer, "unknown_code").with("list", list.code));
        }
    }

    /// Notes a fault when a client chose the nil id.
    pub fn id(&mut self, id: Option<Id>) {
        self.unless(id.is_none_or(|id| !id.is_nil()), "/id", "nil_id");
    }

    /// # Errors
    /// [`Error::Invalid`] when there are any.
    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }

    fn collect(&mut self, prefix: &str, errors: &ValidationErrors) {
        for (field, kind) in errors.errors() {
            let pointer = format!("{prefix}/{field}");
            match kind {
                ValidationErrorsKind::Field(errors) => self.0.extend(errors.iter().map(|error| fault(&pointer, error))),
                ValidationErrorsKind::Struct(inner) => self.collect(&pointer, inner),
                ValidationErrorsKind::List(items) => {
                    items.iter().for_each(|(at, inner)| self.collect(&format!("{pointer}/{at}"), inner));
                }
            }
        }
    }
}

/// The validator's codes are strings of any life; ours are words of the API.
fn fault(pointer: &str, error: &ValidationError) -> Fault {
    const CODES: &[&str] =
        &["length", "range", "non_control_character", "username", "region_code", "phone", "personal_number"];
    let code = CODES.iter().find(|code| **code == error.code).copied().unwrap_or("invalid");
    ["min", "max"].into_iter().fold(Fault::new(pointer, code), |fault, name| match error.params.get(name) {
        Some(value) => fault.with(name, value),
        None => fault,
    })
}

/// Reads a field of a change that may be left out but not emptied.
///
/// # Errors
/// The field's own, and for `null`.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads a field of a change that may be left out, which leaves it, or `null`, which empties it.
///
/// # Errors
/// The field's own.
pub fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Mainland mobile or landline numbers: digits, with `+`, `-` and spaces between; 7 to 20 characters.
///
/// # Errors
/// When it is nothing of the kind.
pub fn is_phone(text: &Text) -> Result<(), ValidationError> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let allowed = text.bytes().all(|byte| byte.is_ascii_digit() || b"+- ".contains(&byte));
    if allowed && (7..=15).contains(&digits) && text.len() <= 20 { Ok(()) } else { Err(ValidationError::new("phone")) }
}

/// A 12-digit region code.
///
/// # Errors
/// When it is something else.
pub fn is_region_code(text: &Text) -> Result<(), ValidationError> {
    if region::is_region_code(text) { Ok(()) } else { Err(ValidationError::new("region_code")) }
}

/// Free text without identity or mobile numbers: those belong into their own fields, where they are sealed. Reasons go into
/// audit events, which never hold one in clear.
///
/// # Errors
/// When it holds one.
pub fn holds_no_number(text: &Text) -> Result<(), ValidationError> {
    if holds_personal_number(text) { Err(ValidationError::new("personal_number")) } else { Ok(()) }
}

/// What a text is after a change that leaves it out, which leaves it, or empties it.
pub fn said(text: &Option<Option<Text>>, kept: &Option<String>) -> Option<String> {
    match text {
        Some(text) => text.as_deref().map(str::to_owned),
        None => kept.clone(),
    }
}

/// Of two fields exactly one is to be given.
pub fn either_or(pointer: &str) -> Error {
    Error::invalid(pointer, "either_or")
}
