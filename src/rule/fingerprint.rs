//! Names of findings that survive edits elsewhere in the file.

use rustc_hash::FxHashMap;

use super::Rule;
use super::event::EventId;
use super::render::Scene;
use crate::finding::Finding;

/// The fingerprint of a finding: rule, file, key template and the statement without its layout; never a line number.
pub(super) fn of(rule: &Rule, anchor: EventId, scene: &Scene<'_>) -> String {
    let mut hash = Fnv::default();
    hash.part(&rule.id);
    if let Some(site) = anchor.site(scene.analysis) {
        hash.part(scene.files.get(site.file.0 as usize).map_or("", |file| file.from_top.as_str()));
        hash.part(&normalised(scene.source(site.file, site.statement.unwrap_or(site.call))));
    }
    hash.part(&anchor.operation(scene.analysis).and_then(|operation| operation.key_text()).unwrap_or_default());
    format!("{:016x}", hash.0)
}

/// A statement without what formatters change: white space, line breaks, the comma behind the last argument, the semicolon at the
/// end, the kind of quotes. It need not be code any more, only the same for the same code.
fn normalised(statement: &str) -> String {
    let mut normalised = String::with_capacity(statement.len());
    for c in statement.chars().filter(|c| !c.is_whitespace()) {
        if matches!(c, ')' | ']' | '}') && normalised.ends_with(',') {
            normalised.pop();
        }
        normalised.push(if c == '"' { '\'' } else { c });
    }
    normalised.truncate(normalised.trim_end_matches(';').len());
    normalised
}

/// The fingerprint of a finding that no rule page made, by what tells it from others.
#[must_use]
pub fn fingerprint<'t>(parts: impl IntoIterator<Item = &'t str>) -> String {
    let mut hash = Fnv::default();
    parts.into_iter().for_each(|part| hash.part(part));
    format!("{:016x}", hash.0)
}

/// Tells findings with the same fingerprint apart by their order: the second becomes `…-2`.
pub fn number<'a>(findings: impl Iterator<Item = &'a mut Finding>) {
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    for finding in findings {
        let count = seen.entry(finding.fingerprint.clone()).or_default();
        *count += 1;
        if *count > 1 {
            finding.fingerprint = format!("{}-{count}", finding.fingerprint);
        }
    }
}

/// FNV-1a: small, and the same on every machine and in every version.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn part(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_formatters_change_does_not_count() {
        let one = normalised("await redis.set(key(id), 'a', 'EX', 60);");
        for same in ["await redis.set(\n  key(id),\n\t\"a\",\r\n  'EX',\n  60,\n)", "await redis.set( key( id ), 'a', 'EX', 60 )"] {
            assert_eq!(normalised(same), one);
        }
        for other in
            ["await redis.set(key(id), 'b', 'EX', 60);", "await redis.set(key(id), 'a', 'EX', 61);", "redis.set(key(id), 'a', 'EX', 60);"]
        {
            assert_ne!(normalised(other), one);
        }
    }
}
