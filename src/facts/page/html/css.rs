//! The addresses that a style sheet makes a browser fetch.

/// What `url(...)` and `@import` name, in order. Comments, strings and `@namespace` name nothing.
pub(super) fn addresses(style: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = style;
    let mut importing = false;
    while let Some(start) = rest.find(['/', '"', '\'', '@', 'u', 'U', ';']) {
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = after(comment, "*/");
        } else if rest.starts_with(['"', '\'']) {
            let (string, next) = quoted(rest);
            found.extend(importing.then_some(string));
            importing = false;
            rest = next;
        } else if let Some(address) = strip_word(rest, "url(") {
            let (address, next) = parenthesised(address);
            found.push(address);
            importing = false;
            rest = next;
        } else if let Some(statement) = strip_word(rest, "@import") {
            importing = true;
            rest = statement;
        } else if let Some(statement) = strip_word(rest, "@namespace") {
            rest = after(statement, ";");
        } else {
            importing &= !rest.starts_with(';');
            rest = &rest[1..];
        }
    }
    // `url(#gradient)` names a part of the page itself.
    found.retain(|address| !address.is_empty() && !address.starts_with('#'));
    found
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let start = text.get(..word.len())?;
    start.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
}

fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, after)| after)
}

/// The string at the start of a text, and what follows it. A line end closes it too (CSS Syntax, 4.3.5).
fn quoted(text: &str) -> (&str, &str) {
    let (quote, inside) = text.split_at(1);
    let mut escaped = false;
    let end = inside.find(|c| {
        let ends = !escaped && (quote.starts_with(c) || c == '\n');
        escaped = !escaped && c == '\\';
        ends
    });
    end.map_or((inside, ""), |end| (&inside[..end], &inside[end + 1..]))
}

/// The address up to the closing parenthesis, and what follows.
fn parenthesised(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let (address, rest) = if text.starts_with(['"', '\'']) { quoted(text) } else { ("", text) };
    let end = rest.find(')');
    let (bare, next) = end.map_or((rest, ""), |end| (&rest[..end], &rest[end + 1..]));
    (if address.is_empty() { bare.trim() } else { address.trim() }, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_and_imports_are_found() {
        let style = "@import 'a.css'; @IMPORT url(b.css) screen; p { background: URL( \"c.png\" ) } @font-face { src: url(d.woff2) format('woff2'), url(e.woff) }";
        assert_eq!(addresses(style), ["a.css", "b.css", "c.png", "d.woff2", "e.woff"]);
    }

    #[test]
    fn comments_strings_namespaces_and_fragments_name_nothing() {
        let style = "/* url(a) */ @namespace svg url(http://www.w3.org/2000/svg); q { content: 'url(b)'; fill: url(#c) } @import; x { content: \"d\" }";
        assert!(addresses(style).is_empty(), "{:?}", addresses(style));
    }

    #[test]
    fn what_is_not_closed_ends() {
        assert_eq!(addresses("url(a"), ["a"]);
        assert_eq!(addresses("url('a"), ["a"]);
        assert!(addresses("@import").is_empty());
        assert!(addresses("/* url(a)").is_empty());
        assert!(addresses("url(é").len() == 1 && addresses("ur\u{e9}l(").is_empty());
    }
}
