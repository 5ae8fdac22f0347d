//! Days, as TOML writes them: no hour, no time zone other than UTC.

use std::fmt;
use std::str::FromStr;

use jiff::{Span, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use toml::value::Datetime;

/// A day in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(Date);

impl Day {
    pub const fn new(year: i16, month: i8, day: i8) -> Self {
        Self(Date::constant(year, month, day))
    }

    /// The day of a count of seconds since 1970-01-01T00:00:00Z; the last day that can be told for one that is too large.
    pub fn of_unix(seconds: i64) -> Self {
        let stamp = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::MAX);
        Self(stamp.to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    /// Noon of that day, in seconds since 1970-01-01T00:00:00Z.
    pub fn noon_unix(self) -> i64 {
        let days = (self.0 - Date::constant(1970, 1, 1)).get_days();
        i64::from(days) * 86_400 + 43_200
    }

    /// Days from `self` to `other`, negative when `other` is earlier.
    pub fn days_until(self, other: Self) -> i32 {
        (other.0 - self.0).get_days()
    }

    pub fn plus(self, period: Period) -> Self {
        Self(self.0.saturating_add(period.0))
    }

    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(Span::new().days(days)))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Date::strptime("%Y-%m-%d", text).map(Self)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_string().parse::<Datetime>().expect("a day is a TOML date").serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Datetime::deserialize(deserializer)?;
        match (written.date, written.time, written.offset) {
            (Some(_), None, None) => written.to_string().parse().map_err(de::Error::custom),
            _ => Err(de::Error::custom(format!("invalid value: `{written}`, expected a day such as 2026-11-22"))),
        }
    }
}

impl JsonSchema for Day {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}

/// How long something holds: `90 days`, `6 months`, `1 year`.
#[derive(Debug, Clone, Copy)]
pub struct Period(Span);

impl Period {
    pub fn years(years: i16) -> Self {
        Self(Span::new().years(years))
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || format!("invalid value: `{text}`, expected a period such as `90 days`, `6 months` or `1 year`");
        let (number, unit) = text.split_once(' ').ok_or_else(refuse)?;
        let number: i16 = number.parse().ok().filter(|n| *n > 0).ok_or_else(refuse)?;
        match unit {
            "day" | "days" => Ok(Self(Span::new().days(number))),
            "month" | "months" => Ok(Self(Span::new().months(number))),
            "year" | "years" => Ok(Self(Span::new().years(number))),
            _ => Err(refuse()),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = if self.0.get_years() != 0 {
            (i32::from(self.0.get_years()), "year")
        } else if self.0.get_months() != 0 {
            (self.0.get_months(), "month")
        } else {
            (self.0.get_days(), "day")
        };
        write!(f, "{number} {unit}{}", if number == 1 { "" } else { "s" })
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Period {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[1-9][0-9]* (day|month|year)s?$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_of_a_year_ends_on_the_same_day() {
        let day = Day::new(2026, 11, 22);
        assert_eq!(day.plus("1 year".parse().unwrap()), Day::new(2027, 11, 22));
        assert_eq!(Day::new(2024, 2, 29).plus(Period::years(1)), Day::new(2025, 2, 28));
    }

    #[test]
    fn a_day_is_strict() {
        assert!("2021-07-07".parse::<Day>().is_ok());
        for wrong in ["2021", "2021-13-01", "07/07/2021", "2021-02-30", "2021-07-07T10:00:00"] {
            assert!(wrong.parse::<Day>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn noon_is_on_its_own_day() {
        let day = Day::new(2026, 11, 22);
        assert_eq!(Day::of_unix(day.noon_unix()), day);
        assert_eq!(Day::of_unix(0), Day::new(1970, 1, 1));
    }

    #[test]
    fn a_period_is_read_back_as_written() {
        for text in ["90 days", "6 months", "1 year"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        assert!("soon".parse::<Period>().is_err());
        assert!("0 days".parse::<Period>().is_err());
    }
}
