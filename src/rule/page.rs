//! A rule page as Markdown: its heading, its one `toml rule` block and its examples.

use std::ops::Range;

use miette::NamedSource;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

use super::{Example, ExampleKind, RuleError};

/// A page, split into its parts.
pub(super) struct Page {
    /// The level-one heading.
    pub title: String,
    /// The text of the `toml rule` block.
    pub rule: Range<usize>,
    /// The same block with its fences.
    pub block: Range<usize>,
    /// The examples, in order.
    pub examples: Vec<Example>,
}

/// Makes errors that point into a page.
pub(super) struct Reporter<'a> {
    /// Path, as given to the loader.
    pub path: &'a str,
    /// The whole text.
    pub text: &'a str,
    /// What was found so far.
    pub errors: Vec<RuleError>,
}

impl Reporter<'_> {
    /// Adds an error at a place in the page.
    pub fn add(&mut self, span: Range<usize>, message: impl Into<String>, label: impl Into<String>, help: Option<String>) {
        let (message, label) = (message.into(), label.into());
        // What a rule says once and its cases inherit is read once for each case.
        let again = |error: &RuleError| error.span.offset() == span.start && error.span.len() == span.len() && error.message == message;
        if self.errors.iter().any(again) {
            return;
        }
        self.errors.push(RuleError {
            message,
            page: NamedSource::new(self.path, self.text.to_owned()),
            span: (span.start, span.len()).into(),
            label: if label.is_empty() { "here".to_owned() } else { label },
            help,
        });
    }
}

impl Page {
    /// Reads the structure of a page; `None` when it has no rule block to go on with.
    pub fn read(text: &str, reporter: &mut Reporter<'_>) -> Option<Self> {
        let mut titles: Vec<(String, Range<usize>)> = Vec::new();
        let mut blocks: Vec<(Range<usize>, Range<usize>)> = Vec::new();
        let mut examples: Vec<Example> = Vec::new();
        let mut in_title = false;
        let mut events = Parser::new(text).into_offset_iter();
        while let Some((event, span)) = events.next() {
            match event {
                Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
                    in_title = true;
                    titles.push((String::new(), trimmed(text, span)));
                }
                Event::End(TagEnd::Heading(HeadingLevel::H1)) => in_title = false,
                Event::Text(part) | Event::Code(part) if in_title => {
                    if let Some((title, _)) = titles.last_mut() {
                        title.push_str(&part);
                    }
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    let mut body: Option<Range<usize>> = None;
                    for (event, part) in events.by_ref() {
                        match event {
                            Event::Text(_) => body = Some(body.map_or(part.clone(), |body| body.start..part.end)),
                            Event::End(TagEnd::CodeBlock) => break,
                            _ => {}
                        }
                    }
                    let body = body.unwrap_or(span.end..span.end);
                    if info.split_whitespace().eq(["toml", "rule"]) {
                        blocks.push((body, trimmed(text, span)));
                        continue;
                    }
                    let line = text[..span.start].matches('\n').count() + 1;
                    let fence = span.start..span.start + text[span.start..].find('\n').unwrap_or(span.len());
                    match Example::parse(&info, &text[body], line) {
                        None => {}
                        Some(Err(message)) => reporter.add(fence, message, "this example", None),
                        Some(Ok(example)) => {
                            let after_fail = examples
                                .last()
                                .is_some_and(|before| before.kind == ExampleKind::Fail && before.language == example.language);
                            if example.kind == ExampleKind::Fixed && !after_fail {
                                let help = "put the `fail` example that it fixes right before it".to_owned();
                                reporter.add(fence, "this `fixed` example fixes nothing", "", Some(help));
                            }
                            examples.push(example);
                        }
                    }
                }
                _ => {}
            }
        }
        let whole = 0..text.len().min(text.find('\n').unwrap_or(text.len()));
        match titles.as_slice() {
            [(title, span)] if title.trim().is_empty() => reporter.add(span.clone(), "the title is empty", "", None),
            [_] => {}
            [] => reporter.add(whole.clone(), "the page has no title", "", Some("begin it with `# What happens`".to_owned())),
            [_, (_, second), ..] => {
                reporter.add(second.clone(), "the page has two titles", "the second one", Some("use `##` for sections".to_owned()));
            }
        }
        let help = "a page has one block that opens with ```toml rule".to_owned();
        let (rule, block) = match blocks.len() {
            0 => {
                reporter.add(whole, "the page has no rule block", "", Some(help));
                return None;
            }
            1 => blocks.swap_remove(0),
            _ => {
                reporter.add(blocks[1].1.clone(), "the page has two rule blocks", "the second one", Some(help));
                blocks.swap_remove(0)
            }
        };
        let title = titles.first().map(|(title, _)| title.trim().to_owned()).unwrap_or_default();
        Some(Self { title, rule, block, examples })
    }
}

/// A span without the line end that the parser counts in.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    span.start..span.start + text[span.clone()].trim_end().len()
}
