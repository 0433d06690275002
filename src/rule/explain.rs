//! A rule's page for the terminal.

use super::Rule;

impl Rule {
    /// Address of the page: in the project's repository for rules that came with the binary, the path of the user's own.
    #[must_use]
    pub fn url(&self) -> String {
        let repository = env!("CARGO_PKG_REPOSITORY");
        match (self.embedded, repository) {
            (false, _) => self.path.clone(),
            (true, "") => format!("rules/{}.md", self.id),
            (true, repository) => format!("{repository}/blob/main/rules/{}.md", self.id),
        }
    }

    /// The page as plain Markdown: a line of plain facts stands in place of the `toml rule` block, the sources follow at the
    /// end, and info strings and marks of examples are made readable.
    #[must_use]
    pub fn explain(&self) -> String {
        let (before, after) = (&self.page[..self.block.start], &self.page[self.block.end..]);
        let mut text = format!("{before}{}", self.summary());
        for line in after.lines() {
            match line.strip_prefix("```").map(|info| info.split_whitespace().collect::<Vec<_>>()).as_deref() {
                Some([language, kind @ ("fail" | "fixed" | "pass"), rest @ ..]) => {
                    let title = match *kind {
                        "fail" => "Reported",
                        "fixed" => "After the fix",
                        _ => "Not reported",
                    };
                    let client = rest.iter().find_map(|word| word.strip_prefix("client="));
                    let client = client.map(|client| format!(" with {}", client.replace('@', " ").replace(',', ", "))).unwrap_or_default();
                    text.push_str(&format!("{title}{client}:\n\n```{language}"));
                }
                _ => text.push_str(line),
            }
            text.push('\n');
        }
        let text = text.trim_end();
        let sources: String = self.sources.iter().map(|source| format!("- {source}\n")).collect();
        format!("{text}\n\n## Sources\n\n{sources}")
    }

    fn summary(&self) -> String {
        let mut facts = vec![format!("`{}`", self.id), self.category.to_owned(), self.severity.word().to_owned()];
        facts.push(if self.enabled { "on by default" } else { "off by default" }.to_owned());
        if self.fixable() {
            facts.push("fixable".to_owned());
        }
        let mut text = facts.join(" · ");
        if !self.supersedes.is_empty() {
            let list: Vec<_> = self.supersedes.iter().map(|id| format!("`{id}`")).collect();
            text.push_str(&format!("\n\nReplaces, where both apply: {}.", list.join(", ")));
        }
        for option in &self.options {
            text.push_str(&format!("\n\nOption `{}`: {}", option.name, option.about));
        }
        text
    }
}
