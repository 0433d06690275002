//! Where a module specifier of TypeScript or JavaScript leads: by what the project's files and manifests say, never by guess.

use smol_str::SmolStr;

use super::package::{Package, split};
use super::path::{below, join, upwards};
use super::{Project, Range};
use crate::source::FileId;

/// Where a module specifier leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// To a file of the project.
    File(FileId),
    /// To a package that is not part of the project, or to a module of the run-time.
    Package {
        /// Its published name, whatever the project calls it.
        name: SmolStr,
        /// What is asked of it; empty for the package itself.
        subpath: SmolStr,
    },
    /// Somewhere that cannot be told.
    Unknown,
}

/// What may stand behind a name without being written.
const EXTENSIONS: [&str; 8] = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];

/// What a written extension may stand for: TypeScript names the file that the compiler will make.
const COMPILED: [(&str, &[&str]); 4] = [(".js", &[".ts", ".tsx"]), (".jsx", &[".tsx"]), (".mjs", &[".mts"]), (".cjs", &[".cts"])];

/// Folders that hold what a compiler made. Their sources are in `src`, or where the package is.
const OUTPUT: [&str; 14] =
    ["dist", "build", "lib", "out", "built", "output", "esm", "cjs", "es", "es6", "types", "typings", "dist-types", "_esm"];

impl Project {
    /// Where `specifier` leads, written in the file at `importer`.
    #[must_use]
    pub fn look_up(&self, importer: &str, specifier: &str) -> Lookup {
        self.look_up_bounded(&self.folder(importer), specifier, 0)
    }

    /// Where `specifier` leads, written in a file of the folder `own`.
    fn look_up_bounded(&self, own: &str, specifier: &str, depth: u8) -> Lookup {
        // Bundlers take a query: `./worker?url`.
        let specifier = specifier.split('?').next().unwrap_or_default();
        if specifier.is_empty() || specifier.contains("://") {
            return Lookup::Unknown;
        }
        if specifier.starts_with("./") || specifier.starts_with("../") || specifier == "." || specifier == ".." {
            return self.file_or_unknown(self.file(&join(own, specifier)));
        }
        if specifier.starts_with('/') {
            return self.file_or_unknown(self.file(specifier));
        }
        if specifier.starts_with('#')
            && let Some(package) = self.package_around(own)
        {
            let targets = package.imported(specifier);
            if let Some(file) = self.entry(package, &targets) {
                return Lookup::File(file);
            }
            return match targets.iter().find(|target| !target.starts_with('.')) {
                Some(target) if depth == 0 => self.look_up_bounded(own, target, depth + 1),
                _ => self.mapped(own, specifier).map_or(Lookup::Unknown, Lookup::File),
            };
        }
        if let Some(file) = self.mapped(own, specifier) {
            return Lookup::File(file);
        }
        // SvelteKit writes this into a configuration that is generated, and so not part of the project.
        if let Some(rest) = specifier.strip_prefix("$lib")
            && let Some((package, _)) = self.dependency(own, "@sveltejs/kit")
        {
            return self.file_or_unknown(self.file(&join(&package.folder, &format!("src/lib{rest}"))));
        }
        // Deno writes the registry and the version into the specifier.
        let written = specifier.strip_prefix("npm:").unwrap_or(specifier);
        let Some((name, subpath)) = split(written) else { return Lookup::Unknown };
        let name = match name.get(1..).and_then(|rest| rest.find('@')) {
            Some(at) if written != specifier => &name[..=at],
            _ => name,
        };
        match self.owner(own, name) {
            Owner::Project(package) => self.file_or_unknown(self.within(package, subpath)),
            Owner::Elsewhere(name) => Lookup::Package { name: name.into(), subpath: subpath.into() },
            Owner::Ambiguous => Lookup::Unknown,
        }
    }

    fn file_or_unknown(&self, file: Option<FileId>) -> Lookup {
        file.map_or(Lookup::Unknown, Lookup::File)
    }

    /// The file that a path stands for: itself, with an extension, or as a folder.
    fn file(&self, path: &str) -> Option<FileId> {
        self.file_itself(path).or_else(|| {
            if let Some(package) = self.package_at(path)
                && let Some(file) = self.entry(package, &package.targets(""))
            {
                return Some(file);
            }
            self.with_extension(&join(path, "index"))
        })
    }

    /// As [`Self::file`], without folders.
    fn file_itself(&self, path: &str) -> Option<FileId> {
        for (compiled, sources) in COMPILED {
            if let Some(stem) = path.strip_suffix(compiled)
                && let Some(file) = sources.iter().find_map(|source| self.id(&format!("{stem}{source}")))
            {
                return Some(file);
            }
        }
        self.id(path).or_else(|| self.with_extension(path))
    }

    fn with_extension(&self, stem: &str) -> Option<FileId> {
        let mut path = String::with_capacity(stem.len() + 4);
        path.push_str(stem);
        EXTENSIONS.iter().find_map(|extension| {
            path.truncate(stem.len());
            path.push_str(extension);
            self.id(&path)
        })
    }

    /// What the nearest configuration that maps paths makes of a specifier.
    fn mapped(&self, own: &str, specifier: &str) -> Option<FileId> {
        let maps = upwards(own).find_map(|folder| self.path_maps.get(folder))?;
        maps.iter().flat_map(|map| map.targets(specifier)).find_map(|target| self.file(&target))
    }

    /// The file that a subpath of a package of the project stands for.
    fn within(&self, package: &Package, subpath: &str) -> Option<FileId> {
        self.entry(package, &package.targets(subpath)).or_else(|| {
            // Nothing that the package names is there: what it would be made from mostly is.
            let stem = if subpath.is_empty() { "index" } else { subpath };
            let places = [join(&package.folder, stem), join(&package.folder, &format!("src/{stem}"))];
            places.iter().find_map(|place| if subpath.is_empty() { self.with_extension(place) } else { self.file(place) })
        })
    }

    /// The first of a package's targets that is in the project, or else the first whose source is.
    fn entry(&self, package: &Package, targets: &[String]) -> Option<FileId> {
        let local = || targets.iter().map(|target| join("", target)).filter(|target| !target.starts_with(".."));
        let direct = local().find_map(|target| {
            let path = join(&package.folder, &target);
            self.file_itself(&path).or_else(|| self.with_extension(&join(&path, "index")))
        });
        direct.or_else(|| local().find_map(|target| self.source_of(package, &target)))
    }

    /// The source of a compiled file: `dist/esm/a.js` was `src/a.ts` or `a.ts`.
    fn source_of(&self, package: &Package, target: &str) -> Option<FileId> {
        let stem =
            [".d.ts", ".d.mts", ".d.cts", ".js", ".mjs", ".cjs", ".jsx"].iter().find_map(|end| target.strip_suffix(end)).unwrap_or(target);
        let mut rest = stem;
        loop {
            let (first, behind) = rest.split_once('/')?;
            if !OUTPUT.contains(&first) {
                return None;
            }
            rest = behind;
            let places = [join(&package.folder, &format!("src/{rest}")), join(&package.folder, rest)];
            if let Some(file) = places.iter().find_map(|place| self.file(place)) {
                return Some(file);
            }
        }
    }

    fn package_at(&self, folder: &str) -> Option<&Package> {
        self.packages_by_folder.get(folder).map(|index| &self.packages[*index])
    }

    /// The package that a folder is part of.
    pub(super) fn package_around(&self, own: &str) -> Option<&Package> {
        upwards(own).find_map(|folder| self.package_at(folder))
    }

    /// The nearest package above a folder that depends on `name`, and how it says so.
    pub(super) fn dependency(&self, own: &str, name: &str) -> Option<(&Package, &str)> {
        upwards(own)
            .filter_map(|folder| self.package_at(folder))
            .find_map(|package| Some((package, package.dependencies.get(name)?.as_str())))
    }

    /// Whose a package name is, seen from a folder.
    fn owner<'a>(&'a self, own: &str, name: &'a str) -> Owner<'a> {
        let candidates = self.packages_by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        let candidates = || candidates.iter().map(|index| &self.packages[*index]);
        let Some((dependent, specifier)) = self.dependency(own, name) else {
            // Its own name, or one that is there because the workspace links all its packages.
            if let Some(package) = self.package_around(own).filter(|package| package.name.as_deref() == Some(name)) {
                return Owner::Project(package);
            }
            return match nearest(candidates(), own) {
                Nearest::One(package) => Owner::Project(package),
                Nearest::None => Owner::Elsewhere(name),
                Nearest::Several => Owner::Ambiguous,
            };
        };
        if let Some(alias) = specifier.strip_prefix("npm:") {
            return Owner::Elsewhere(alias.rfind('@').filter(|at| *at > 0).map_or(alias, |at| &alias[..at]));
        }
        if let Some(path) = ["file:", "link:", "portal:"].iter().find_map(|protocol| specifier.strip_prefix(protocol)) {
            return self.package_at(&join(&dependent.folder, path)).map_or(Owner::Elsewhere(name), Owner::Project);
        }
        // A workspace links its own package when the range allows that package's version.
        let linked = candidates().filter(|package| {
            specifier.starts_with("workspace:")
                || specifier == "*"
                || package.version.is_some_and(|version| Range::npm(specifier).is_some_and(|range| range.contains(version)))
        });
        match nearest(linked, own) {
            Nearest::One(package) => Owner::Project(package),
            Nearest::None => Owner::Elsewhere(name),
            Nearest::Several => Owner::Ambiguous,
        }
    }
}

enum Owner<'a> {
    Project(&'a Package),
    /// Under its published name.
    Elsewhere(&'a str),
    Ambiguous,
}

enum Nearest<'a> {
    None,
    One(&'a Package),
    Several,
}

/// The package that shares the most folders with `own`.
fn nearest<'a>(packages: impl Iterator<Item = &'a Package>, own: &str) -> Nearest<'a> {
    let shared = |package: &Package| upwards(own).position(|folder| below(&package.folder, folder).is_some()).unwrap_or(usize::MAX);
    let mut best: Option<(usize, &Package)> = None;
    let mut tie = false;
    for package in packages {
        let distance = shared(package);
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, _)) if distance == least => tie = true,
            _ => {
                best = Some((distance, package));
                tie = false;
            }
        }
    }
    match best {
        None => Nearest::None,
        Some(_) if tie => Nearest::Several,
        Some((_, package)) => Nearest::One(package),
    }
}
