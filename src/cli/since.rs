//! What git says of the lines that changed.

use std::path::Path;
use std::process::Command;

use super::Error;
use crate::changes::Changes;
use crate::finding::Finding;
use crate::source::SourceFile;
use crate::walk::Walked;

/// The lines that changed since the branch left a revision, with what is not committed and files that git does not know yet.
pub(super) fn changes(revision: &str, walked: &Walked) -> Result<Changes, Error> {
    let [top] = walked.tops.as_slice() else { return Err(Error::SeveralRepositories) };
    if !top.join(".git").exists() {
        return Err(Error::NoRepository { path: top.display().to_string() });
    }
    // A repository of somebody else, or a broken one: git says it best.
    git(top, &["rev-parse", "--git-dir"])?.map_err(|reason| Error::Git { reason })?;
    let commit = git(top, &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")])?
        .map_err(|_| Error::UnknownRevision { revision: revision.to_owned() })?;
    // What others did on that branch meanwhile is not what changed here.
    let base = git(top, &["merge-base", commit.trim(), "HEAD"])?.map_err(|_| Error::NoCommonCommit { revision: revision.to_owned() })?;
    let options = [
        "-c",
        "core.quotePath=false",
        "diff",
        "--unified=0",
        "--inter-hunk-context=0",
        "--src-prefix=a/",
        "--dst-prefix=b/",
        "--find-renames",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--no-relative",
        "--ignore-submodules=all",
        base.trim(),
        "--",
    ];
    let diff = git(top, &options)?.map_err(|reason| Error::Git { reason })?;
    let mut changes = Changes::of_diff(&diff);
    let unknown = git(top, &["ls-files", "--others", "--exclude-standard", "-z"])?.map_err(|reason| Error::Git { reason })?;
    unknown.split('\0').filter(|path| !path.is_empty()).for_each(|path| changes.add_new(path));
    Ok(changes)
}

/// Whether what is at fault touches a changed line. Where the client was made does not count.
pub(super) fn touches(changes: &Changes, finding: &Finding, files: &[SourceFile]) -> bool {
    let Some(file) = files.get(finding.primary.file.0 as usize) else { return false };
    let extent = finding.extent.to(finding.primary.span);
    changes.touch(&file.from_top, file.line(extent.start), file.line(extent.end))
}

/// What git prints, or why it refuses.
fn git(top: &Path, arguments: &[&str]) -> Result<Result<String, String>, Error> {
    let output = Command::new("git").arg("-C").arg(top).args(arguments).output();
    let output = output.map_err(|error| Error::NoGit { reason: error.to_string() })?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr).trim().to_owned()) })
}
