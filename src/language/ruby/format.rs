//! Formatting with a literal format: `format("a:%s", x)` and `"a:%s" % x` are strings with holes.

use smol_str::SmolStr;

use super::calls::Site;
use super::context::{Lowering, span_of};
use super::strings::Parts;
use crate::program::{Argument, ArgumentKind, Kind, Literal, NodeId, Part};
use crate::source::Span;

/// A piece of a format.
#[derive(Debug, PartialEq)]
enum Piece {
    /// Literal text.
    Text(String),
    /// The next value in order.
    Next,
    /// The value of a position, 1-based.
    Position(usize),
    /// The value of a name.
    Named(String),
}

/// What fills the holes of a format.
enum Values {
    /// In order, or by position.
    Listed(Vec<NodeId>),
    /// By name.
    Named(Vec<(SmolStr, NodeId)>),
    /// One value that may be several.
    Unknown(NodeId),
}

impl Lowering<'_> {
    /// `format("…", …)`, `sprintf("…", …)`, `Kernel.format("…", …)`.
    pub(super) fn formatting(&mut self, site: &Site<'_>, args: &[Argument]) -> Option<NodeId> {
        if !matches!(site.name.as_str(), "format" | "sprintf") || site.block.is_some() {
            return None;
        }
        if let Some(receiver) = site.receiver
            && !matches!(self.module.kind(receiver), Kind::Constant { path, .. } if path.len() == 1 && path[0] == "Kernel")
        {
            return None;
        }
        let (format, rest) = args.split_first()?;
        if format.kind != ArgumentKind::Positional {
            return None;
        }
        let mut listed = Vec::new();
        let mut named = Vec::new();
        for argument in rest {
            match &argument.kind {
                ArgumentKind::Positional => match self.module.kind(argument.value) {
                    Kind::Object(entries) => {
                        named.extend(entries.iter().filter_map(|entry| Some((entry.key.name()?.clone(), entry.value))));
                    }
                    _ => listed.push(argument.value),
                },
                ArgumentKind::Keyword(name) => named.push((name.clone(), argument.value)),
                ArgumentKind::Spread | ArgumentKind::KeywordSpread | ArgumentKind::Block => return None,
            }
        }
        let values = if named.is_empty() { Values::Listed(listed) } else { Values::Named(named) };
        self.formatted(span_of(site.node), format.value, &values)
    }

    /// `"…" % values`.
    pub(super) fn percent(&mut self, span: Span, format: NodeId, values: NodeId) -> Option<NodeId> {
        if !matches!(self.module.kind(format), Kind::Literal(Literal::Str(_)) | Kind::Template(_)) {
            return None;
        }
        let values = match self.module.kind(values) {
            Kind::Array(members) if members.iter().any(|member| matches!(self.module.kind(*member), Kind::Spread(_))) => return None,
            Kind::Array(members) => Values::Listed(members.clone()),
            Kind::Object(entries) => {
                Values::Named(entries.iter().filter_map(|entry| Some((entry.key.name()?.clone(), entry.value))).collect())
            }
            _ => Values::Unknown(values),
        };
        self.formatted(span, format, &values)
    }

    /// The template, or nothing when format and values do not go together as far as they are known.
    fn formatted(&mut self, span: Span, format: NodeId, values: &Values) -> Option<NodeId> {
        let written = match self.module.kind(format) {
            Kind::Literal(Literal::Str(text)) => vec![Part::Text(text.clone())],
            Kind::Template(parts) => parts.clone(),
            _ => return None,
        };
        let mut pieces = Vec::new();
        for part in written {
            match part {
                Part::Text(text) => pieces.extend(parse(&text)?.into_iter().map(Ok)),
                Part::Hole(hole) => pieces.push(Err(hole)),
            }
        }
        let holes = pieces.iter().filter(|piece| matches!(piece, Ok(Piece::Next | Piece::Position(_) | Piece::Named(_)))).count();
        if holes == 0 {
            return None;
        }
        let mut used = vec![];
        let mut next = 0;
        let mut parts = Parts::default();
        for piece in pieces {
            let value = match (piece, values) {
                (Err(hole), _) => hole,
                (Ok(Piece::Text(text)), _) => {
                    parts.text().push_str(&text);
                    continue;
                }
                (Ok(Piece::Next), Values::Listed(values)) => {
                    next += 1;
                    *values.get(next - 1)?
                }
                (Ok(Piece::Position(position)), Values::Listed(values)) => *values.get(position.checked_sub(1)?)?,
                (Ok(Piece::Named(name)), Values::Named(values)) => values.iter().find(|(known, _)| *known == name)?.1,
                (Ok(Piece::Next), Values::Unknown(value)) if holes == 1 => *value,
                // One value that several holes share must be an array or a hash: it is evaluated once, its members are not known.
                (Ok(_), Values::Unknown(value)) if !used.contains(value) => {
                    used.push(*value);
                    self.opaque(span, vec![*value])
                }
                (Ok(_), Values::Unknown(_)) => self.opaque(span, Vec::new()),
                _ => return None,
            };
            // A value that is named twice is evaluated once, and a node has one parent.
            let value = if used.contains(&value) { self.repeated(value) } else { value };
            used.push(value);
            parts.hole(value);
        }
        // A value without a hole would be lost, and with it the calls in it.
        let given = match values {
            Values::Listed(values) => values.iter().filter(|value| !used.contains(value)).count(),
            Values::Named(values) => values.iter().filter(|(_, value)| !used.contains(value)).count(),
            Values::Unknown(_) => 0,
        };
        (given == 0).then(|| self.push(span, Kind::Template(parts.finish())))
    }

    /// A second mention of a value: a copy when it is a plain name or literal, else something unknown.
    fn repeated(&mut self, value: NodeId) -> NodeId {
        let span = self.module.span(value);
        match self.module.kind(value) {
            kind @ (Kind::Local(_) | Kind::Literal(_) | Kind::Constant { .. } | Kind::Global(_) | Kind::This) => {
                let kind = kind.clone();
                self.push(span, kind)
            }
            _ => self.opaque(span, Vec::new()),
        }
    }
}

/// Splits a format; `None` when it says something that is not known here.
fn parse(format: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('%') {
            text.push('%');
            rest = behind;
            continue;
        }
        let (piece, behind) = directive(rest)?;
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        pieces.push(piece);
        rest = behind;
    }
    text.push_str(rest);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Some(pieces)
}

/// What stands behind a `%`: flags, width and precision in any order with a name or position, then a letter. Gives the piece
/// and the text behind it.
fn directive(text: &str) -> Option<(Piece, &str)> {
    let mut piece = Piece::Next;
    let mut rest = text;
    loop {
        rest = match rest.bytes().next()? {
            b'{' => {
                let (name, behind) = rest[1..].split_once('}')?;
                return Some((Piece::Named(name.to_owned()), behind));
            }
            b'<' => {
                let (name, behind) = rest[1..].split_once('>')?;
                piece = Piece::Named(name.to_owned());
                behind
            }
            b'1'..=b'9' if rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).starts_with('$') => {
                let (position, behind) = rest.split_once('$')?;
                piece = Piece::Position(position.parse().ok()?);
                behind
            }
            b' ' | b'#' | b'+' | b'-' | b'.' | b'0'..=b'9' => &rest[1..],
            b's' | b'd' | b'i' | b'u' | b'f' | b'g' | b'G' | b'e' | b'E' | b'x' | b'X' | b'o' | b'b' | b'B' | b'c' | b'p' | b'a' | b'A' => {
                return Some((piece, &rest[1..]));
            }
            _ => return None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_split_into_text_and_holes() {
        let text = |text: &str| Piece::Text(text.to_owned());
        let cases: &[(&str, Option<Vec<Piece>>)] = &[
            ("a:%s", Some(vec![text("a:"), Piece::Next])),
            ("%05d%%", Some(vec![Piece::Next, text("%")])),
            ("%<id>08.2f/%{name}", Some(vec![Piece::Named("id".into()), text("/"), Piece::Named("name".into())])),
            ("%2$s %1$s", Some(vec![Piece::Position(2), text(" "), Piece::Position(1)])),
            ("100%", None),
            ("%*d", None),
            ("%<id", None),
        ];
        for (format, pieces) in cases {
            assert_eq!(parse(format), *pieces, "{format}");
        }
    }
}
