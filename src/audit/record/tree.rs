//! A record as a tree of what it holds, from which every text of it is written.

use std::borrow::Cow;

use serde::de::value::Error;
use serde::ser::{Error as _, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use toml_datetime::ser::{DatetimeSerializer, is_datetime};

/// Under the names that TOML and JSON share. The types of `toml` and `toml_edit` take several times as long to make.
#[derive(Debug)]
pub enum Tree {
    Words(String),
    Number(i64),
    Truth(bool),
    Day(String),
    List(Vec<Self>),
    /// In the order of the fields.
    Table(Vec<(Key, Self)>),
}

pub type Key = Cow<'static, str>;

impl Tree {
    pub(super) fn of(data: &impl Serialize) -> Self {
        data.serialize(Grow).expect("a record is plain data")
    }
}

struct Grow;

/// What becomes a list.
struct List(Vec<Tree>);

/// What becomes a table, or the one value that `toml` hands on as a table.
struct Table {
    entries: Vec<(Key, Tree)>,
    key: Option<Key>,
    day: Option<DatetimeSerializer>,
}

impl Table {
    fn new(size: Option<usize>, day: Option<DatetimeSerializer>) -> Self {
        Self { entries: Vec::with_capacity(size.unwrap_or_default()), key: None, day }
    }
}

fn strange<T>() -> Result<T, Error> {
    Err(Error::custom("no record holds this"))
}

macro_rules! numbers {
    ($($name:ident $number:ty),+) => {
        $(fn $name(self, number: $number) -> Result<Tree, Error> {
            i64::try_from(number).map(Tree::Number).map_err(Error::custom)
        })+
    };
}

impl Serializer for Grow {
    type Ok = Tree;
    type Error = Error;
    type SerializeSeq = List;
    type SerializeMap = Table;
    type SerializeStruct = Table;
    type SerializeTuple = Impossible<Tree, Error>;
    type SerializeTupleStruct = Impossible<Tree, Error>;
    type SerializeTupleVariant = Impossible<Tree, Error>;
    type SerializeStructVariant = Impossible<Tree, Error>;

    numbers!(serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64);
    numbers!(serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64);

    fn serialize_bool(self, truth: bool) -> Result<Tree, Error> {
        Ok(Tree::Truth(truth))
    }

    fn serialize_str(self, words: &str) -> Result<Tree, Error> {
        Ok(Tree::Words(words.to_owned()))
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<Tree, Error> {
        self.serialize_str(name)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, inner: &T) -> Result<Tree, Error> {
        inner.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, inner: &T) -> Result<Tree, Error> {
        inner.serialize(self)
    }

    fn serialize_seq(self, size: Option<usize>) -> Result<List, Error> {
        Ok(List(Vec::with_capacity(size.unwrap_or_default())))
    }

    fn serialize_map(self, size: Option<usize>) -> Result<Table, Error> {
        Ok(Table::new(size, None))
    }

    fn serialize_struct(self, name: &'static str, size: usize) -> Result<Table, Error> {
        Ok(Table::new(Some(size), is_datetime(name).then(DatetimeSerializer::new)))
    }

    fn serialize_f32(self, _: f32) -> Result<Tree, Error> {
        strange()
    }

    fn serialize_f64(self, _: f64) -> Result<Tree, Error> {
        strange()
    }

    fn serialize_char(self, _: char) -> Result<Tree, Error> {
        strange()
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Tree, Error> {
        strange()
    }

    fn serialize_none(self) -> Result<Tree, Error> {
        strange()
    }

    fn serialize_unit(self) -> Result<Tree, Error> {
        strange()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Tree, Error> {
        strange()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &'static str, _: u32, _: &'static str, _: &T) -> Result<Tree, Error> {
        strange()
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        strange()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        strange()
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self::SerializeTupleVariant, Error> {
        strange()
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self::SerializeStructVariant, Error> {
        strange()
    }
}

impl SerializeSeq for List {
    type Ok = Tree;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.0.push(value.serialize(Grow)?);
        Ok(())
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::List(self.0))
    }
}

impl SerializeMap for Table {
    type Ok = Tree;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let Tree::Words(key) = key.serialize(Grow)? else { return strange() };
        self.key = Some(key.into());
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let Some(key) = self.key.take() else { return strange() };
        self.entries.push((key, value.serialize(Grow)?));
        Ok(())
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::Table(self.entries))
    }
}

impl SerializeStruct for Table {
    type Ok = Tree;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        if let Some(day) = &mut self.day {
            return day.serialize_field(key, value).map_err(Error::custom);
        }
        self.entries.push((key.into(), value.serialize(Grow)?));
        Ok(())
    }

    fn end(self) -> Result<Tree, Error> {
        match self.day {
            Some(day) => day.end().map(|day| Tree::Day(day.to_string())).map_err(Error::custom),
            None => Ok(Tree::Table(self.entries)),
        }
    }
}
