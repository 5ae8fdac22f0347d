//! The protocol of `DevTools`, as far as a visit needs it: JSON messages, each ended by a zero, through a pipe.

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, ChildStdout};

/// Bytes of one message. What a page writes may be in it.
const LONGEST: usize = 16 * 1024 * 1024;

/// The browser has gone, or does not speak the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hung;

pub(super) struct DevTools {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// The beginning of a message, kept when a wait is given up.
    begun: Vec<u8>,
    last: u64,
}

/// What the browser says of its own accord.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) method: String,
    /// Of the page, frame or worker that it is about; empty for the browser itself.
    pub(super) session: String,
    pub(super) params: Value,
}

#[derive(Debug)]
pub(super) enum Message {
    Event(Event),
    /// Nothing when the browser could not do it.
    Answer(u64, Option<Value>),
}

impl DevTools {
    pub(super) fn new(input: ChildStdin, output: ChildStdout) -> Self {
        Self { input, output: BufReader::new(output), begun: Vec::new(), last: 0 }
    }

    /// Asks for something; its answer will bear this number.
    pub(super) async fn send(&mut self, session: &str, method: &str, params: Value) -> Result<u64, Hung> {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": params });
        if !session.is_empty() {
            message["sessionId"] = session.into();
        }
        let mut text = message.to_string().into_bytes();
        text.push(0);
        self.input.write_all(&text).await.map_err(|_| Hung)?;
        self.input.flush().await.map_err(|_| Hung)?;
        Ok(self.last)
    }

    /// The next message. It may be given up and called again.
    pub(super) async fn next(&mut self) -> Result<Message, Hung> {
        loop {
            let bytes = self.output.fill_buf().await.map_err(|_| Hung)?;
            if bytes.is_empty() {
                return Err(Hung);
            }
            let end = bytes.iter().position(|byte| *byte == 0);
            self.begun.extend_from_slice(&bytes[..end.unwrap_or(bytes.len())]);
            let used = end.map_or(bytes.len(), |end| end + 1);
            self.output.consume(used);
            if self.begun.len() > LONGEST {
                return Err(Hung);
            }
            if end.is_some() {
                let text = std::mem::take(&mut self.begun);
                if let Some(message) = message(&text) {
                    return Ok(message);
                }
            }
        }
    }
}

/// One message, without its zero.
pub(super) fn message(text: &[u8]) -> Option<Message> {
    serde_json::from_slice(text).ok().and_then(read)
}

fn read(mut message: Value) -> Option<Message> {
    if let Some(id) = message["id"].as_u64() {
        let result = message.get_mut("result").map(Value::take);
        return Some(Message::Answer(id, result));
    }
    let session = message["sessionId"].as_str().unwrap_or_default().to_owned();
    let method = message["method"].as_str()?.to_owned();
    Some(Message::Event(Event { method, session, params: message["params"].take() }))
}
