//! JSON values read as leniently as GleSYS writes them; used by [`super::wire`].
//!
//! A number may come as a string and a string as null, an empty list as an empty object. What can't be understood is
//! untold: never an error, and never a value that GleSYS did not give.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A single value of whatever type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Scalar {
    /// Left out, or no single value: a list, an object, a number beyond all that is counted.
    #[default]
    Untold,
    Null,
    Text(String),
    Whole(i64),
    Fraction(f64),
    Flag(bool),
}

impl Scalar {
    /// As a text, from a text or a number.
    pub(super) fn text(self) -> Option<String> {
        match self {
            Self::Whole(number) => Some(number.to_string()),
            Self::Fraction(number) => Some(number.to_string()),
            other => other.words(),
        }
    }

    /// As a text that may be any words, so that only a text is one.
    pub(super) fn words(self) -> Option<String> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// As a whole number, from a number or a numeric string; a fraction is none.
    pub(super) fn whole(&self) -> Option<i64> {
        match self {
            Self::Whole(number) => Some(*number),
            Self::Fraction(number) if number.fract() == 0.0 => format!("{number:.0}").parse().ok(),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// As a count; there is none below zero.
    pub(super) fn count(&self) -> Option<u64> {
        u64::try_from(self.number()?).ok()
    }

    /// As a whole number, also from a text with a point, as in `7.0`.
    pub(super) fn number(&self) -> Option<i64> {
        match self {
            Self::Text(text) => self.whole().or_else(|| Self::Fraction(text.trim().parse().ok()?).whole()),
            _ => self.whole(),
        }
    }

    /// As yes or no: GleSYS says `yes` and `no`, but JSON flags, 1 and 0 are understood too. Anything else is neither.
    pub(super) fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            Self::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "yes" | "true" | "1" => Some(true),
                "no" | "false" | "0" => Some(false),
                _ => None,
            },
            number => match number.whole()? {
                1 => Some(true),
                0 => Some(false),
                _ => None,
            },
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Scalar, E> {
        Ok(Scalar::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Whole(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        Ok(i64::try_from(number).map_or(Scalar::Untold, Scalar::Whole))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
        Ok(Scalar::Fraction(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Untold)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Scalar, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Untold)
    }
}

/// A list: a JSON list or an object whose values count (PHP writes a list with gaps so). Anything
/// else in its place (PHP writes `false`, `""` or null where nothing is) is an empty one.
#[derive(Debug)]
pub(super) struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_bool<E>(self, _: bool) -> Result<List<T>, E> {
        Ok(List::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<List<T>, E> {
        Ok(List::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<List<T>, E> {
        Ok(List::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<List<T>, E> {
        Ok(List::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<List<T>, E> {
        Ok(List::default())
    }

    fn visit_unit<E>(self) -> Result<List<T>, E> {
        Ok(List::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<List<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<List<T>, A::Error> {
        let mut items = Vec::new();
        while let Some((_, item)) = object.next_entry::<IgnoredAny, T>()? {
            items.push(item);
        }
        Ok(List(items))
    }
}

/// An object; anything else in its place is nothing.
#[derive(Debug)]
pub(super) struct Object<T>(pub Option<T>);

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Object<T>, E> {
        Ok(Object(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Object<T>, E> {
        Ok(Object(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Object<T>, E> {
        Ok(Object(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Object<T>, E> {
        Ok(Object(None))
    }

    fn visit_str<E>(self, _: &str) -> Result<Object<T>, E> {
        Ok(Object(None))
    }

    fn visit_unit<E>(self) -> Result<Object<T>, E> {
        Ok(Object(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Object<T>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Object(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object)).map(Some).map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(json: &str) -> Scalar {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn numbers_come_as_numbers_or_as_strings() {
        for json in ["200", "\"200\"", "\" 200\\n\"", "200.0", "2e2"] {
            assert_eq!(scalar(json).whole(), Some(200), "{json}");
        }
        for json in ["200.5", "\"200 OK\"", "\"\"", "null", "true", "[200]", "{\"a\":200}", "1e300"] {
            assert_eq!(scalar(json).whole(), None, "{json}");
        }
    }

    #[test]
    fn counts_are_whole_and_not_below_zero() {
        for json in ["12", "12.0", "\"12\"", "\" 12.0\"", "1.2e1"] {
            assert_eq!(scalar(json).count(), Some(12), "{json}");
        }
        let too_large = ["18446744073709551615", "1e300", "\"1e300\"", "\"inf\"", "\"NaN\""];
        for json in ["12.9", "\"12.9\"", "-1", "\"-1\"", "\"12,0\"", "null", "true"].into_iter().chain(too_large) {
            assert_eq!(scalar(json).count(), None, "{json}");
        }
    }

    #[test]
    fn what_is_neither_yes_nor_no_is_not_taken_for_one() {
        for json in ["\"yes\"", "\"YES\"", "true", "1", "1.0", "\"1\"", "\" True\""] {
            assert_eq!(scalar(json).flag(), Some(true), "{json}");
        }
        for json in ["\"no\"", "false", "0", "\"0\"", "\"No\"", "\"FALSE\""] {
            assert_eq!(scalar(json).flag(), Some(false), "{json}");
        }
        for json in ["null", "[]", "{}", "[true]", "\"\"", "\"maybe\"", "2", "-1", "0.5", "18446744073709551615"] {
            assert_eq!(scalar(json).flag(), None, "{json}");
        }
    }

    #[test]
    fn only_a_text_is_words() {
        assert_eq!(scalar("\"7\"").words(), Some("7".to_owned()));
        for json in ["7", "0.5", "true", "null", "[\"7\"]", "{}"] {
            assert_eq!(scalar(json).words(), None, "{json}");
        }
        assert_eq!((scalar("7").text(), scalar("true").text()), (Some("7".to_owned()), None));
    }

    #[test]
    fn what_is_no_object_is_nothing() {
        for json in ["null", "[]", "[1]", "\"x\"", "1", "-1", "0.5", "true"] {
            assert!(serde_json::from_str::<Object<std::collections::BTreeMap<String, u8>>>(json).unwrap().0.is_none());
        }
        let object: Object<std::collections::BTreeMap<String, u8>> = serde_json::from_str("{\"a\":1}").unwrap();
        assert_eq!(object.0.unwrap()["a"], 1);
    }

    #[test]
    fn a_list_may_be_missing_gapped_or_an_object() {
        for (json, wanted) in [
            ("null", vec![]),
            ("[]", vec![]),
            ("{}", vec![]),
            ("false", vec![]),
            ("\"\"", vec![]),
            ("-1", vec![]),
            ("0.5", vec![]),
            ("[1,2]", vec![1, 2]),
            ("{\"0\":1,\"7\":2}", vec![1, 2]),
        ] {
            assert_eq!(serde_json::from_str::<List<u8>>(json).unwrap().0, wanted, "{json}");
        }
        let rows: List<Object<IgnoredAny>> = serde_json::from_str("[null,{},false,[]]").unwrap();
        assert_eq!(rows.0.iter().map(|row| row.0.is_some()).collect::<Vec<_>>(), [false, true, false, false]);
    }
}
