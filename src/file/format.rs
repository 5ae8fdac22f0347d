//! The version of a file's form: always 1 so far.

use schemars::JsonSchema;
use serde::Deserialize;

/// `format = 1`. A program that reads another form must say so, not guess.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(try_from = "u32")]
#[schemars(with = "u32")]
pub struct Format;

impl TryFrom<u32> for Format {
    type Error = String;

    fn try_from(format: u32) -> Result<Self, Self::Error> {
        if format == 1 { Ok(Self) } else { Err(format!("invalid value: `{format}`, expected `format = 1`")) }
    }
}
