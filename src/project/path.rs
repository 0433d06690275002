//! Paths as printed: text with `/`, never looked up on a disk. A path may begin with `..` or `/`; the empty path is the
//! working directory.

/// The folder of a path; empty for a file in the working directory.
pub(super) fn folder(path: &str) -> &str {
    match path.rfind('/') {
        Some(0) => "/",
        Some(at) => &path[..at],
        None => "",
    }
}

/// The last segment of a path.
pub(super) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `path` seen from `folder`, without `.` and without `..` behind a name.
pub(super) fn join(folder: &str, path: &str) -> String {
    let mut joined = String::with_capacity(folder.len() + path.len() + 1);
    let (folder, path) = if path.starts_with('/') { ("", path) } else { (folder, path) };
    if folder.starts_with('/') || path.starts_with('/') {
        joined.push('/');
    }
    for segment in folder.split('/').chain(path.split('/')) {
        match segment {
            "" | "." => {}
            ".." if joined == "/" => {}
            ".." if !joined.is_empty() && name(&joined) != ".." => joined.truncate(folder_end(&joined)),
            _ => {
                if !joined.is_empty() && !joined.ends_with('/') {
                    joined.push('/');
                }
                joined.push_str(segment);
            }
        }
    }
    joined
}

fn folder_end(path: &str) -> usize {
    folder(path).len()
}

/// A folder and the folders that hold it, innermost first. Ends at the working directory, the root, or the last `..`.
pub(super) fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |inner| match *inner {
        "" | "/" => None,
        inner if name(inner) == ".." => None,
        inner => Some(self::folder(inner)),
    })
}

/// The way from `folder` down to `path`, when it lies inside.
pub(super) fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    match folder {
        "" => (!path.starts_with('/') && !path.starts_with("../") && path != "..").then_some(path),
        "/" => path.strip_prefix('/'),
        _ if path == folder => Some(""),
        _ => path.strip_prefix(folder)?.strip_prefix('/'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn join_is_lexical() {
        for (folder, path, expected) in [
            ("a/b", "./c", "a/b/c"),
            ("a/b", "../c", "a/c"),
            ("a", "../../c", "../c"),
            ("", "./a/", "a"),
            ("..", "../a", "../../a"),
            ("../x", "..", ".."),
            ("/a", "../../b", "/b"),
            ("/a/b", "./c", "/a/b/c"),
            ("a", "/c/d", "/c/d"),
            ("a", "..", ""),
        ] {
            assert_eq!(join(folder, path), expected, "{folder} {path}");
        }
    }

    #[test]
    fn upwards_ends() {
        assert_eq!(upwards("a/b").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(upwards("../a").collect::<Vec<_>>(), ["../a", ".."]);
        assert_eq!(upwards("/a").collect::<Vec<_>>(), ["/a", "/"]);
    }

    #[test]
    fn below_needs_a_whole_segment() {
        for (path, folder, expected) in [
            ("a/b", "a", Some("b")),
            ("ab", "a", None),
            ("a", "a", Some("")),
            ("a/b", "", Some("a/b")),
            ("../b", "", None),
            ("/b", "/", Some("b")),
        ] {
            assert_eq!(below(path, folder), expected, "{path} {folder}");
        }
    }
}
