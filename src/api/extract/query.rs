//! The parameters after the `?`, read by the types of the fields that they are for.

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;

use super::fault_of;
use crate::{
    api::{
        page::{Filters, Listing},
        problem::Problem,
    },
    auth::Input,
    db::Cost,
    error::{Error, Fault, Result},
};

/// The parameters after the `?`.
#[derive(Debug)]
pub struct Query<T>(Result<T>);
patient!(Query<T> => T, T);

impl<T> Query<T> {
    /// The parameters, if they could be read.
    pub fn value(&self) -> Option<&T> {
        self.0.as_ref().ok()
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self(parse_query(request.query_string()))))
    }
}

/// The parameters of a list: those of its pages, and its filters.
#[derive(Debug)]
pub struct Pages<F>(Result<Listing<F>>);
patient!(Pages<F> => Listing<F>, F);

impl<F> Pages<F> {
    /// What the list costs.
    pub fn cost(&self) -> Cost
    where
        F: Filters,
    {
        self.0.as_ref().map_or(Cost::Quick, Listing::cost)
    }

    /// What the list is narrowed to, if it could be read.
    pub fn filters(&self) -> Option<&F> {
        self.0.as_ref().ok().map(|listing| &listing.filters)
    }
}

impl<F: Filters + DeserializeOwned + 'static> FromRequest for Pages<F> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self(parse_pages(request.query_string()))))
    }
}

fn parse_pages<F: Filters + DeserializeOwned>(query: &str) -> Result<Listing<F>> {
    let is_paging = |(name, _): &(String, String)| Listing::<F>::paging_names().contains(&name.as_str());
    let (paging, filters): (Vec<_>, Vec<_>) = query_pairs(query)?.into_iter().partition(is_paging);
    Listing::new(read_pairs(&paging)?, read_pairs(&filters)?)
}

fn parse_query<T: DeserializeOwned>(query: &str) -> Result<T> {
    read_pairs(&query_pairs(query)?)
}

fn query_pairs(query: &str) -> Result<Vec<(String, String)>> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(query).map_err(|_| Error::Malformed(Fault::new("", "wrong_type")))?;
    for (at, (name, value)) in pairs.iter().enumerate() {
        let fault = match value {
            _ if value.contains('\0') || name.contains('\0') => "nul",
            // What is not UTF-8 has been replaced by this character, which nobody searches for.
            _ if value.contains('\u{fffd}') || name.contains('\u{fffd}') => "invalid_utf8",
            _ if pairs[..at].iter().any(|(earlier, _)| earlier == name) => "duplicate",
            _ => continue,
        };
        return Err(Error::Malformed(Fault::new(name.replace('\0', ""), fault)));
    }
    Ok(pairs)
}

fn read_pairs<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T> {
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), Parameter(value)));
    let deserializer = serde::de::value::MapDeserializer::<_, serde::de::value::Error>::new(pairs);
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let name = error.path().to_string();
        let name = if name == "." { String::new() } else { name };
        Error::Malformed(fault_of(&name, "", &error.into_inner().to_string()))
    })
}

/// A parameter's text, read as the type that is asked for.
struct Parameter<'a>(&'a str);

macro_rules! parsed {
    ($($method:ident => $visit:ident: $type:ty),+) => {$(
        fn $method<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            let value: $type = self.0.parse().map_err(|_| serde::de::Error::custom("not of this type"))?;
            visitor.$visit(value)
        }
    )+};
}

impl<'de> serde::Deserializer<'de> for Parameter<'de> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_option<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: serde::de::Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: serde::de::Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_enum(serde::de::value::BorrowedStrDeserializer::new(self.0))
    }

    parsed!(deserialize_i32 => visit_i32: i32, deserialize_i64 => visit_i64: i64, deserialize_bool => visit_bool: bool);

    serde::forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl<'de> serde::de::IntoDeserializer<'de, serde::de::value::Error> for Parameter<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::domain::{Day, Text};

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Parameters {
        limit: Option<i64>,
        day: Option<Day>,
        all: Option<bool>,
        q: Option<Text>,
    }

    fn query_fault(query: &str) -> (String, &'static str) {
        match parse_query::<Parameters>(query) {
            Err(Error::Malformed(fault)) => (fault.pointer, fault.code),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn parameters_are_read_by_type_and_faults_named() {
        let read = parse_query::<Parameters>("limit=20&day=2026-11-23&all=true&q=%20w%C4%81+").unwrap();
        assert_eq!(
            read,
            Parameters { limit: Some(20), day: "2026-11-23".parse().ok(), all: Some(true), q: Some(Text::new("wā")) }
        );
        assert_eq!(query_fault("limit=x"), ("limit".into(), "wrong_type"));
        assert_eq!(query_fault("limit=9223372036854775808"), ("limit".into(), "wrong_type"));
        assert_eq!(query_fault("day=2026-13-01"), ("day".into(), "wrong_type"));
        assert_eq!(query_fault("other=1"), ("other".into(), "unknown_field"));
        assert_eq!(query_fault("q=a&q=b"), ("q".into(), "duplicate"));
        assert_eq!(query_fault("q=%00"), ("q".into(), "nul"));
        assert_eq!(query_fault("q=%ff"), ("q".into(), "invalid_utf8"));
    }
}
