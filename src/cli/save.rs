//! Writing files so that nobody ever sees half of one.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Writes a file, with the folders above it. A new file takes the place of the old one in one step; what is no regular file,
/// such as `/dev/stderr`, is written to.
///
/// # Errors
/// The system's answer.
pub(super) fn save(path: &Path, content: &[u8]) -> io::Result<()> {
    // Behind a link, the file that it leads to is meant.
    let real = path.canonicalize();
    let path = real.as_deref().unwrap_or(path);
    let former = fs::metadata(path);
    if former.as_ref().is_ok_and(|former| !former.is_file()) {
        return fs::OpenOptions::new().write(true).open(path)?.write_all(content);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".redis-lint-");
    readable_for_others(&mut builder);
    let mut file = builder.tempfile_in(folder).map_err(plain)?;
    file.write_all(content).map_err(plain)?;
    if let Ok(former) = former {
        file.as_file().set_permissions(former.permissions())?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The system's answer without the name of the temporary file, which says nothing to anybody.
fn plain(error: io::Error) -> io::Error {
    match error.kind() {
        _ if error.raw_os_error().is_some() => error,
        io::ErrorKind::Other => error,
        kind => kind.into(),
    }
}

/// Temporary files are for their owner only, but this one stays: it gets what any new file would get.
fn readable_for_others(builder: &mut tempfile::Builder) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = builder;
}
