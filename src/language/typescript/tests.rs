//! What code becomes.

use crate::program::print;
use crate::source::Language;

fn lowered(code: &str) -> String {
    print(&super::lower(Language::TypeScript, code))
}

#[test]
fn a_first_look() {
    assert_eq!(
        lowered("import Redis from 'ioredis';\nexport const redis = new Redis(url, { db: 1 });\nawait redis?.get(`k:${id}`);"),
        "import Redis#0 = default \"ioredis\"\nexport redis = redis#1\nfn0 module\n  const redis#1\n  (let redis#1 (new Redis#0 ?url {db: 1}))\n  (await (call redis#1 ?.get (template \"k:\" ?id)))\n"
    );
}
