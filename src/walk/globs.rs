//! Globs that were written in several places, each relative to a folder of its own.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Globs as in .gitignore files. What was added later counts more, and `!` in front of a glob takes files out again.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    sets: Vec<(PathBuf, Gitignore)>,
}

impl Globs {
    /// Adds one glob, relative to a folder without links.
    ///
    /// # Errors
    /// What is wrong with the glob.
    pub fn add(&mut self, folder: &Path, glob: &str) -> Result<(), String> {
        let mut builder = GitignoreBuilder::new(folder);
        let glob = glob.strip_prefix("./").unwrap_or(glob);
        builder.allow_unclosed_class(false);
        builder.add_line(None, glob).map_err(|error| error.to_string())?;
        let set = builder.build().map_err(|error| error.to_string())?;
        if set.is_empty() {
            return Err("it names nothing".to_owned());
        }
        self.sets.push((folder.to_owned(), set));
        Ok(())
    }

    /// Adds those of another list behind these.
    pub fn extend(&mut self, other: &Self) {
        self.sets.extend(other.sets.iter().cloned());
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// Whether a path, or a folder that it lies in, is meant: yes, expressly not, or nothing is said.
    #[must_use]
    pub fn says(&self, path: &Path, is_folder: bool) -> Option<bool> {
        self.sets.iter().rev().filter(|(folder, _)| path.starts_with(folder)).find_map(|(folder, set)| {
            // The folder itself is never meant: `*` would match its empty rest.
            let inside = path.ancestors().take_while(|above| above != folder).enumerate();
            let said = inside.map(|(up, above)| set.matched(above, is_folder || up > 0)).find(|said| !said.is_none())?;
            Some(said.is_ignore())
        })
    }

    /// Whether a path is meant.
    #[must_use]
    pub fn contains(&self, path: &Path, is_folder: bool) -> bool {
        self.says(path, is_folder) == Some(true)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Globs;

    #[test]
    fn later_globs_count_more_and_each_holds_in_its_folder() {
        let mut globs = Globs::default();
        for (folder, glob) in [("/p", "gen"), ("/p", "*.rake"), ("/p/a", "!/gen/kept.ts"), ("/p/a", "./one.ts")] {
            globs.add(Path::new(folder), glob).unwrap();
        }
        for (path, expected) in [
            ("/p/gen/x.ts", Some(true)),
            ("/p/a/gen/x.ts", Some(true)),
            ("/p/a/gen/kept.ts", Some(false)),
            ("/p/b/gen/kept.ts", Some(true)),
            ("/p/a/one.ts", Some(true)),
            ("/p/one.ts", None),
            ("/q/gen/x.ts", None),
            ("/p", None),
            ("/p/lib/x.rake", Some(true)),
        ] {
            assert_eq!(globs.says(Path::new(path), false), expected, "{path}");
        }
        assert!(globs.add(Path::new("/p"), "a[").is_err() && globs.add(Path::new("/p"), "# no").is_err());
    }
}
