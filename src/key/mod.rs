//! Key templates: the text of a key with holes for what is only known at run time.

use std::fmt;

use smol_str::SmolStr;

/// A piece of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyPart {
    /// Known text.
    Text(SmolStr),
    /// Text known only at run time, with the name of the expression that gives it, if it has one.
    Hole(SmolStr),
}

/// The text of a key, as far as it is known. Adjacent texts are one part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Template(pub Vec<KeyPart>);

impl Template {
    /// A template that is one hole.
    #[must_use]
    pub fn opaque() -> Self {
        Self(vec![KeyPart::Hole(SmolStr::default())])
    }

    /// A template of known text.
    #[must_use]
    pub fn text(text: impl Into<SmolStr>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::default() } else { Self(vec![KeyPart::Text(text)]) }
    }

    /// Appends text.
    pub fn push_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(KeyPart::Text(last)) = self.0.last_mut() {
            *last = SmolStr::from(format!("{last}{text}"));
        } else {
            self.0.push(KeyPart::Text(text.into()));
        }
    }

    /// Appends all parts of another template.
    pub fn push(&mut self, other: &Self) {
        for part in &other.0 {
            match part {
                KeyPart::Text(text) => self.push_text(text),
                KeyPart::Hole(_) => self.0.push(part.clone()),
            }
        }
    }

    /// The whole text, when there is no hole.
    #[must_use]
    pub fn known(&self) -> Option<SmolStr> {
        match self.0.as_slice() {
            [] => Some(SmolStr::default()),
            [KeyPart::Text(text)] => Some(text.clone()),
            _ => None,
        }
    }

    /// The text before the first hole.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match self.0.first() {
            Some(KeyPart::Text(text)) => text,
            _ => "",
        }
    }

    /// Whether nothing of it is known.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        self.0.iter().all(|part| matches!(part, KeyPart::Hole(_))) && !self.0.is_empty()
    }

    /// Known text only, holes left out.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            KeyPart::Text(text) => Some(text.as_str()),
            KeyPart::Hole(_) => None,
        })
    }

    /// The template with `{name}` for named holes: what a person reads in a message.
    #[must_use]
    pub fn named(&self) -> String {
        self.0.iter().fold(String::new(), |mut out, part| {
            match part {
                KeyPart::Text(text) => out.push_str(text),
                KeyPart::Hole(name) => {
                    out.push('{');
                    out.push_str(name);
                    out.push('}');
                }
            }
            out
        })
    }
}

impl fmt::Display for Template {
    /// The template with `{}` for holes: the stable form of the reports.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            KeyPart::Text(text) => f.write_str(text),
            KeyPart::Hole(_) => f.write_str("{}"),
        })
    }
}
