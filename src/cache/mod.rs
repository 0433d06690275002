//! What former runs found out, by everything that it depends on. Safe to delete at any time, and safe with several runs at once: an
//! entry appears in one step, is replaced in one step if at all, and is believed only when it is whole.

mod key;
mod pack;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub use key::{Key, KeyHasher};
pub use pack::Pack;

/// How many entries are kept, and how many bytes in all. A result of a large project takes some hundred kilobytes, its lowered files
/// some ten megabytes.
const MOST_ENTRIES: usize = 64;
const MOST_BYTES: u64 = 256 << 20;

/// What an entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The result of a run.
    Result,
    /// The lowered files of a project.
    Modules,
}

impl Kind {
    /// The extension of its files.
    fn extension(self) -> &'static str {
        match self {
            Self::Result => "result",
            Self::Modules => "modules",
        }
    }
}

/// A folder of entries.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The cache in a folder, which need not exist.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The cache where the platform keeps such things; `None` where nobody knows a home.
    #[must_use]
    pub fn of_platform() -> Option<Self> {
        use etcetera::BaseStrategy;
        let strategy = etcetera::base_strategy::choose_native_strategy().ok()?;
        Some(Self::new(strategy.cache_dir().join("redis-lint")))
    }

    /// What was kept under a key. A damaged entry counts as none.
    #[must_use]
    pub fn get(&self, kind: Kind, key: &Key) -> Option<Vec<u8>> {
        let mut bytes = fs::read(self.path(kind, key)).ok()?;
        let content = bytes.len().checked_sub(blake3::OUT_LEN)?;
        let sum = bytes.split_off(content);
        (blake3::hash(&bytes).as_bytes() == sum.as_slice()).then_some(bytes)
    }

    /// Keeps an entry, and lets go of the oldest ones.
    ///
    /// # Errors
    /// When the folder cannot be written. Nothing depends on it.
    pub fn put(&self, kind: Kind, key: &Key, content: &[u8]) -> io::Result<()> {
        if !self.folder.is_dir() {
            fs::create_dir_all(&self.folder)?;
            // Backups leave out folders with such a file: https://bford.info/cachedir/
            fs::write(
                self.folder.join("CACHEDIR.TAG"),
                "Signature: 8a477f597d28d172789f06886806bc55\n# Made by redis-lint; safe to delete.\n",
            )?;
        }
        let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(&self.folder)?;
        file.write_all(content)?;
        file.write_all(blake3::hash(content).as_bytes())?;
        file.persist(self.path(kind, key)).map_err(|error| error.error)?;
        self.tidy();
        Ok(())
    }

    fn path(&self, kind: Kind, key: &Key) -> PathBuf {
        self.folder.join(format!("{}.{}", key.text(), kind.extension()))
    }

    /// Removes all but the newest entries, and what killed runs left behind. Where another run does the same, one of them is late.
    fn tidy(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let mut found: Vec<(SystemTime, PathBuf, u64)> = Vec::new();
        for entry in entries.flatten() {
            let Ok(metadata) = entry.metadata() else { continue };
            let Ok(changed) = metadata.modified() else { continue };
            let path = entry.path();
            let is_old = || changed.elapsed().is_ok_and(|age| age.as_secs() > 3600);
            let is_entry = |kind: Kind| path.extension().is_some_and(|extension| extension == kind.extension());
            match is_entry(Kind::Result) || is_entry(Kind::Modules) {
                true => found.push((changed, path, metadata.len())),
                false if is_abandoned(&path) && is_old() => drop(fs::remove_file(path)),
                false => {}
            }
        }
        found.sort();
        let mut bytes = 0;
        for (at, (_, path, size)) in found.into_iter().rev().enumerate() {
            bytes += size;
            if at >= MOST_ENTRIES || bytes > MOST_BYTES {
                drop(fs::remove_file(path));
            }
        }
    }
}

fn is_abandoned(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".new-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        let mut hasher = KeyHasher::default();
        hasher.part(text.as_bytes());
        hasher.finish()
    }

    #[test]
    fn entries_are_kept_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("new/redis-lint"));
        assert_eq!(cache.get(Kind::Result, &key("a")), None);
        cache.put(Kind::Result, &key("a"), b"content").unwrap();
        assert_eq!((cache.get(Kind::Result, &key("a")).as_deref(), cache.get(Kind::Result, &key("b"))), (Some(&b"content"[..]), None));
        let path = cache.path(Kind::Result, &key("a"));
        let whole = fs::read(&path).unwrap();
        for damaged in [
            &whole[..whole.len() - 1],
            &whole[..10],
            b"",
            &[whole.as_slice(), b"x"].concat(),
            &whole.iter().map(|byte| byte ^ 1).collect::<Vec<_>>(),
        ] {
            fs::write(&path, damaged).unwrap();
            assert_eq!(cache.get(Kind::Result, &key("a")), None);
        }
        cache.put(Kind::Result, &key("a"), b"").unwrap();
        assert_eq!(cache.get(Kind::Result, &key("a")).as_deref(), Some(&b""[..]));
    }

    #[test]
    fn old_entries_go() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        for number in 0..MOST_ENTRIES + 5 {
            cache.put(Kind::Result, &key(&number.to_string()), b"x").unwrap();
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), MOST_ENTRIES);
        // A file with a hole takes no room, and counts as if it did.
        let large = cache.path(Kind::Modules, &key("large"));
        fs::File::create(&large).unwrap().set_len(MOST_BYTES).unwrap();
        cache.put(Kind::Result, &key("last"), b"x").unwrap();
        assert!(!large.exists() && cache.get(Kind::Result, &key("last")).is_some());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_an_error_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let cache = Cache::new(folder.path().join("file/inside"));
        assert!(cache.put(Kind::Result, &key("a"), b"x").is_err());
        assert_eq!(cache.get(Kind::Result, &key("a")), None);
    }
}
