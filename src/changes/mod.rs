//! Which lines changed since a revision, as `git diff` tells it. Pure: the text of the difference comes from the caller.

mod quoted;

use rustc_hash::FxHashMap;

/// Lines that changed, by path from the top of the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    files: FxHashMap<String, Lines>,
}

/// Lines of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Lines {
    /// The file is new.
    All,
    /// First and last of each group, 1-based.
    Groups(Vec<(u32, u32)>),
}

impl Changes {
    /// Reads the output of `git diff --unified=0 --src-prefix=a/ --dst-prefix=b/`. Where lines were only taken away, the lines around them
    /// count as changed: what is wrong with them may be what is missing now.
    #[must_use]
    pub fn of_diff(diff: &str) -> Self {
        let mut changes = Self::default();
        let mut path = None;
        // Lines of content that are still to come: they may look like anything.
        let mut content = 0;
        for line in diff.split('\n') {
            if content > 0 && line.starts_with(['+', '-']) {
                content -= 1;
            } else if let Some(name) = line.strip_prefix("+++ ") {
                path = quoted::unquoted(name).strip_prefix("b/").map(str::to_owned);
            } else if let Some((old, (start, count))) = line.strip_prefix("@@ ").and_then(hunk) {
                content = old + count;
                let group = if count == 0 { (start, start + 1) } else { (start, start + count - 1) };
                if let Some(path) = &path {
                    match changes.files.entry(path.clone()).or_insert_with(|| Lines::Groups(Vec::new())) {
                        Lines::Groups(groups) => groups.push(group),
                        Lines::All => {}
                    }
                }
            }
        }
        changes
    }

    /// Adds a file that the revision does not know.
    pub fn add_new(&mut self, path: &str) {
        self.files.insert(path.to_owned(), Lines::All);
    }

    /// Whether a line from `first` to `last`, both 1-based and included, changed.
    #[must_use]
    pub fn touch(&self, path: &str, first: u32, last: u32) -> bool {
        match self.files.get(path) {
            None => false,
            Some(Lines::All) => true,
            Some(Lines::Groups(groups)) => groups.iter().any(|(start, end)| *start <= last && first <= *end),
        }
    }
}

/// The numbers of `-1,2 +3,4 @@ …`: how many lines were there, where the new ones begin and how many they are.
fn hunk(text: &str) -> Option<(u32, (u32, u32))> {
    let mut words = text.split(' ');
    let mut range = |sign: char| -> Option<(u32, u32)> {
        let text = words.next()?.strip_prefix(sign)?;
        match text.split_once(',') {
            Some((start, count)) => Some((start.parse().ok()?, count.parse().ok()?)),
            None => Some((text.parse().ok()?, 1)),
        }
    };
    let (_, old) = range('-')?;
    Some((old, range('+')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIFF: &str = "\
diff --git a/a.ts b/a.ts
index 1..2 100644
--- a/a.ts
+++ b/a.ts
@@ -3 +3,2 @@ function f() {
-old
+++ b/no.ts
+new
@@ -10,2 +11,0 @@
-one
--- a/no.ts
@@ -20,0 +20 @@
+@@ -1 +1 @@
\\ No newline at end of file
diff --git \"a/\\303\\244 \\\"b\\\".rb\" \"b/\\303\\244 \\\"b\\\".rb\"
--- /dev/null
+++ \"b/\\303\\244 \\\"b\\\".rb\"
@@ -0,0 +1,3 @@
+x
+y
+z
diff --git a/gone b/gone
--- a/gone
+++ /dev/null
@@ -1 +0,0 @@
-x
";

    #[test]
    fn lines_are_read_from_hunks_and_not_from_content() {
        let changes = Changes::of_diff(DIFF);
        let touched = |path: &str| (1..=25).filter(|line| changes.touch(path, *line, *line)).collect::<Vec<_>>();
        assert_eq!(touched("a.ts"), [3, 4, 11, 12, 20]);
        assert_eq!(touched("ä \"b\".rb"), [1, 2, 3]);
        assert_eq!(changes.files.len(), 2, "{changes:?}");
        assert!(
            changes.touch("a.ts", 5, 11) && changes.touch("a.ts", 1, 99) && !changes.touch("a.ts", 5, 10) && !changes.touch("b.ts", 1, 99)
        );
    }

    #[test]
    fn new_files_changed_as_a_whole() {
        let mut changes = Changes::default();
        changes.add_new("a b.ts");
        assert!(changes.touch("a b.ts", 7, 7));
    }
}
