//! Blocks as inert Markdown: no HTML, no picture, no link but to the web and to mail boxes.

use std::ops::Range;

use super::block::{Block, Kind};
use crate::text::{clean, sentences};

pub(super) fn markdown(title: Option<&str>, blocks: &[&Block]) -> String {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(title.map(clean).filter(|title| !title.is_empty()).map(|title| format!("# {}", escape(&title))));
    for (n, block) in blocks.iter().enumerate() {
        let before = n.checked_sub(1).map(|before| blocks[before].kind);
        if !lines.is_empty() && !is_close(before, block.kind) {
            lines.push(String::new());
        }
        match block.kind {
            Kind::Heading(level) => lines.push(format!("{} {}", "#".repeat(level.into()), line(block, 0..block.text.len(), true))),
            Kind::Term => lines.push(format!("**{}**", line(block, 0..block.text.len(), true))),
            Kind::Paragraph => lines.extend(sentence_lines(block)),
            Kind::Item { depth, numbered } => lines.extend(item(block, depth, if numbered { "1. " } else { "- " })),
            Kind::More { depth } => lines.extend(item(block, depth, "  ")),
            Kind::Row { table } => {
                let first = !matches!(before, Some(Kind::Row { table: known }) if known == table);
                if first {
                    let of_table = blocks[n..].iter().take_while(|other| other.kind == block.kind);
                    let columns = of_table.map(|other| other.cells.len() + 1).max().unwrap_or(1);
                    lines.push(row(block, columns));
                    lines.push(format!("|{}", " --- |".repeat(columns)));
                } else {
                    // Whoever shows it fills up the shorter ones: long rows by many short ones would be more than any page.
                    let told = block.cells.iter().filter(|start| **start < block.text.len()).count();
                    lines.push(row(block, told + 1));
                }
            }
        }
    }
    lines.iter().fold(String::new(), |text, line| text + line.trim_end() + "\n")
}

/// Items of one list and rows of one table stand together.
fn is_close(before: Option<Kind>, kind: Kind) -> bool {
    match (before, kind) {
        (Some(Kind::Item { .. } | Kind::More { .. }), Kind::Item { .. }) => true,
        (Some(Kind::Row { table: before }), Kind::Row { table }) => before == table,
        _ => false,
    }
}

/// A line a sentence; a line that the page breaks ends with the sign of it.
fn sentence_lines(block: &Block) -> Vec<String> {
    let ranges = sentences(&block.text);
    let told = ranges.iter().enumerate().map(|(n, range)| {
        let broken = ranges.get(n + 1).is_some_and(|next| block.text[range.end..next.start].contains('\n'));
        format!("{}{}", line(block, range.clone(), false), if broken { "\\" } else { "" })
    });
    told.collect()
}

fn item(block: &Block, depth: usize, sign: &str) -> Vec<String> {
    let indent = "   ".repeat(depth.saturating_sub(1).min(8));
    let lines = sentence_lines(block).into_iter().enumerate();
    lines.map(|(n, words)| format!("{indent}{}{words}", if n == 0 { sign.to_owned() } else { " ".repeat(sign.len()) })).collect()
}

fn row(block: &Block, columns: usize) -> String {
    let starts: Vec<usize> = std::iter::once(0).chain(block.cells.iter().copied()).collect();
    let cells = (0..columns).map(|n| match starts.get(n) {
        Some(start) => line(block, *start..starts.get(n + 1).copied().unwrap_or(block.text.len()), true).trim().to_owned(),
        None => String::new(),
    });
    format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
}

/// A part of the text with its links, on one line; inside a line of ours, no sign at its start needs hiding.
fn line(block: &Block, range: Range<usize>, inside: bool) -> String {
    let mut told = String::new();
    let mut at = range.start;
    // Only those of this part: a page may have as many sentences as links.
    let first = block.links.partition_point(|(link, _)| link.end <= range.start);
    for (link, url) in block.links[first..].iter().take_while(|(link, _)| link.start < range.end) {
        let (start, end) = (link.start.max(at), link.end.min(range.end));
        told.push_str(&escape(&block.text[at..start]));
        // Blanks at the ends of a link stand outside of it.
        let words = &block.text[start..end];
        let bare = words.trim();
        let lead = words.len() - words.trim_start().len();
        told.push_str(if lead > 0 { " " } else { "" });
        // An exclamation mark would make a picture of the link: whoever looks at the text would fetch it.
        if told.ends_with('!') && !bare.is_empty() {
            told.insert(told.len() - 1, '\\');
        }
        told.push_str(&if bare.is_empty() { String::new() } else { format!("[{}](<{}>)", escape(bare), address(url)) });
        told.push_str(if words.trim_end().len() < words.len() && !bare.is_empty() { " " } else { "" });
        at = end;
    }
    told.push_str(&escape(&block.text[at..range.end]));
    if inside { told } else { at_start(told) }
}

/// An address between angle brackets: nothing in it ends them.
fn address(url: &str) -> String {
    url.replace('<', "%3C").replace('>', "%3E").replace('\\', "%5C").replace('\n', "%0A")
}

/// No mark-up, no HTML, no entity, no name that a forge would call.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' | '@' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// At the start of a line, a dash or a number with its dot would make a list, and signs a rule.
fn at_start(line: String) -> String {
    if line.starts_with(['-', '+', '=']) {
        return format!("\\{line}");
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 && line[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    line
}
