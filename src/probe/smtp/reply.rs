//! The replies of a mail server (RFC 5321, section 4.2): lines that begin with the same three digits.

/// A whole reply: its lines without their digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::probe) struct Reply {
    pub(in crate::probe) code: u16,
    pub(in crate::probe) lines: Vec<String>,
    /// Bytes that it took: whatever comes after them was not asked for.
    pub(in crate::probe) length: usize,
}

/// This is not the reply of a mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::probe) struct NoReply;

/// Reads what came so far; nothing when more must come before it is whole.
pub(in crate::probe) fn read(bytes: &[u8]) -> Result<Option<Reply>, NoReply> {
    let (mut code, mut lines, mut length) = (None, Vec::new(), 0);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        // The first bytes may be all that somebody who is no mail server ever says.
        if !line.iter().take(3).all(u8::is_ascii_digit) {
            return Err(NoReply);
        }
        let Some(line) = line.strip_suffix(b"\n") else { return Ok(None) };
        length += line.len() + 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let (digits, rest) = line.split_first_chunk::<3>().ok_or(NoReply)?;
        let number = digits.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0'));
        if !(200..600).contains(&number) || code.is_some_and(|code| code != number) {
            return Err(NoReply);
        }
        code = Some(number);
        let (is_last, words) = match rest.split_first() {
            None => (true, rest),
            Some((b' ', words)) => (true, words),
            Some((b'-', words)) => (false, words),
            Some(_) => return Err(NoReply),
        };
        lines.push(String::from_utf8_lossy(words).into_owned());
        if is_last {
            return Ok(Some(Reply { code: number, lines, length }));
        }
    }
    Ok(None)
}

/// Whether encryption is among what a server can do, as it answers to EHLO.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::probe) enum Offer {
    Made,
    NotMade,
    /// Somebody on the way wrote over what the server can do: a firewall, perhaps our own.
    Overwritten,
}

impl Reply {
    /// The first line greets; each other one begins with the name of an extension.
    pub(in crate::probe) fn offer(&self) -> Offer {
        let mut extensions = self.lines.iter().skip(1).filter_map(|line| line.split_ascii_whitespace().next());
        if extensions.clone().any(|name| name.eq_ignore_ascii_case("STARTTLS")) {
            Offer::Made
        } else if extensions.any(|name| name.starts_with("XXXX")) {
            Offer::Overwritten
        } else {
            Offer::NotMade
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Reply {
        read(text.as_bytes()).unwrap().unwrap()
    }

    #[test]
    fn a_reply_is_whole_with_its_last_line() {
        let reply = whole("250-mx.a.test at your service\r\n250-SIZE 1000\r\n250 HELP\r\n");
        assert_eq!((reply.code, reply.lines.len(), reply.length), (250, 3, 56));
        assert_eq!(whole("220\r\n").lines, [""]);
        assert_eq!(whole("220 a\n").lines, ["a"], "without its carriage return");
        assert_eq!(whole("220 a\r\n250 b\r\n").length, 7, "what comes after it is not of it");
        for begun in ["", "2", "22", "220", "220 mx", "220-mx\r\n", "220-mx\r\n2", "220-mx\r\n220 b"] {
            assert_eq!(read(begun.as_bytes()), Ok(None), "{begun:?}");
        }
    }

    #[test]
    fn what_is_no_reply_is_told_at_once() {
        for no in [
            "H",
            "HTTP/1.1",
            "\x16\x03\x01",
            "\r\n",
            "2\n",
            "22\r\n",
            "220x\r\n",
            "220-a\r\n250 b\r\n",
            "999 a\r\n",
            "220-a\r\n\r\n",
            "+OK",
        ] {
            assert_eq!(read(no.as_bytes()), Err(NoReply), "{no:?}");
        }
    }

    #[test]
    fn encryption_is_offered_by_its_name_alone() {
        let offer = |lines: &str| whole(&format!("250-STARTTLS\r\n{lines}250 HELP\r\n")).offer();
        assert_eq!(offer("250-starttls\r\n"), Offer::Made);
        assert_eq!(offer("250-STARTTLS required\r\n"), Offer::Made);
        assert_eq!(offer("250-STARTTLSX\r\n250-X-STARTTLS\r\n250-XCLIENT NAME\r\n"), Offer::NotMade);
        assert_eq!(offer("250-XXXXXXXA\r\n"), Offer::Overwritten);
        assert_eq!(whole("250 mx.a.test\r\n").offer(), Offer::NotMade);
    }
}
