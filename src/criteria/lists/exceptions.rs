//! Exceptions to "free software only" that the collective has accepted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::text::Text;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Exception {
    pub id: String,
    pub title: Text,
    /// What must still be verified: an exception never passes in silence.
    pub condition: Text,
    /// Ids of the software list that it may cover.
    #[serde(default)]
    pub software: Vec<String>,
    pub source: Url,
}
