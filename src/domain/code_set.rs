//! Several codes of one list, such as the causes of a household's risk: each once, in the order of their text.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, RefOr, schema::Schema},
};

/// Codes without repetition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct CodeSet(Vec<String>);

impl CodeSet {
    /// The codes.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The form that databases keep: with commas between. No code of any list holds one.
    pub fn stored(&self) -> String {
        self.0.join(",")
    }

    /// The codes of what a database keeps.
    pub fn from_stored(stored: &str) -> Self {
        stored.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect()
    }
}

impl FromIterator<String> for CodeSet {
    fn from_iter<I: IntoIterator<Item = String>>(codes: I) -> Self {
        let mut codes: Vec<String> = codes.into_iter().collect();
        codes.sort_unstable();
        codes.dedup();
        Self(codes)
    }
}

impl<'de> Deserialize<'de> for CodeSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<String>::deserialize(deserializer)?.into_iter().map(|code| code.trim().to_owned()).collect())
    }
}

impl PartialSchema for CodeSet {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new().items(String::schema()).max_items(Some(30)).into()
    }
}

impl ToSchema for CodeSet {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_once_and_in_order_and_read_back() {
        let codes: CodeSet = serde_json::from_str(r#"["b", " a ", "b"]"#).unwrap();
        assert_eq!(codes.stored(), "a,b");
        assert_eq!(CodeSet::from_stored("a,b"), codes);
        assert_eq!(CodeSet::from_stored("").iter().count(), 0);
    }
}
