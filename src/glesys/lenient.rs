//! JSON values read as leniently as GleSYS writes them; used by [`super::wire`].
//!
//! A number may come as a string and a string as null, an empty list as an empty object. What can't be understood is
//! nothing, and never an error.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A single value of whatever type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Scalar {
    #[default]
    Nothing,
    Text(String),
    Whole(i64),
    Fraction(f64),
    Flag(bool),
}

impl Scalar {
    /// As a text; nothing for null, lists and objects.
    pub(super) fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Whole(number) => Some(number.to_string()),
            Self::Fraction(number) => Some(number.to_string()),
            Self::Flag(flag) => Some(flag.to_string()),
            Self::Nothing => None,
        }
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

    /// As a count: what is below zero is zero.
    pub(super) fn count(&self) -> Option<u64> {
        self.number().map(|number| u64::try_from(number).unwrap_or(0))
    }

    /// As a number of which a fraction loses what is behind its point.
    pub(super) fn number(&self) -> Option<i64> {
        let fraction = match self {
            Self::Fraction(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        self.whole().or_else(|| format!("{:.0}", fraction?.trunc()).parse().ok())
    }

    /// As yes or no: GleSYS says `yes` and `no`, but a JSON flag or 1 are understood too.
    pub(super) fn flag(&self) -> bool {
        match self {
            Self::Flag(flag) => *flag,
            Self::Whole(number) => *number != 0,
            Self::Text(text) => ["yes", "true", "1"].iter().any(|yes| text.trim().eq_ignore_ascii_case(yes)),
            _ => false,
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
        Ok(Scalar::Whole(i64::try_from(number).unwrap_or(i64::MAX)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
        Ok(Scalar::Fraction(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Scalar, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nothing)
    }
}

/// A list: a JSON list or an object whose values count (PHP writes a list with gaps so). Nulls in it are skipped. Anything
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
        while let Some(item) = list.next_element::<Option<T>>()? {
            items.extend(item);
        }
        Ok(List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<List<T>, A::Error> {
        let mut items = Vec::new();
        while let Some((_, item)) = object.next_entry::<IgnoredAny, Option<T>>()? {
            items.extend(item);
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
    fn counts_and_flags_are_read_leniently() {
        assert_eq!(scalar("12.9").count(), Some(12));
        assert_eq!(scalar("\"12.9\"").count(), Some(12));
        assert_eq!(scalar("-1").count(), Some(0));
        assert_eq!(scalar("18446744073709551615").count(), Some(i64::MAX.unsigned_abs()));
        assert_eq!(scalar("1e300").count(), None);
        for json in ["\"yes\"", "\"YES\"", "true", "1", "\"1\""] {
            assert!(scalar(json).flag(), "{json}");
        }
        for json in ["\"no\"", "false", "0", "null", "[]", "\"\""] {
            assert!(!scalar(json).flag(), "{json}");
        }
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
            ("[1,null,2]", vec![1, 2]),
            ("{\"0\":1,\"7\":2}", vec![1, 2]),
        ] {
            assert_eq!(serde_json::from_str::<List<u8>>(json).unwrap().0, wanted, "{json}");
        }
    }
}
