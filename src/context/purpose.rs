//! What a key and a function are for, by the words in their texts and names. The word lists are in this file.

/// The purpose that words show, in the words of the fact `key_purpose`.
pub(crate) fn purpose(key_texts: &[&str], names: &[&str]) -> &'static str {
    let by_key = key_texts.iter().flat_map(|text| purposes(&words(text))).next();
    let purpose = by_key.or_else(|| names.iter().flat_map(|name| purposes(&words(name))).next()).unwrap_or("none");
    let locks_out = || key_texts.iter().chain(names).flat_map(|text| words(text)).any(|word| LOCKED_OUT.contains(&word.as_str()));
    if purpose == "lock" && locks_out() { "none" } else { purpose }
}

/// Words that tell of a lock for people, who are shut out after too many tries: it excludes no second worker.
const LOCKED_OUT: &[&str] = &["captcha", "counter", "counters", "lockout", "login", "logins", "signin"];

/// The purposes that the words of one text show, in order.
fn purposes(words: &[String]) -> Vec<&'static str> {
    let spoken_of = |at: usize| words.get(at + 1).is_some_and(|next| ABOUT_CACHES.contains(&next.as_str()));
    let of = |(at, word): (usize, &String)| of_word(word).filter(|purpose| *purpose != "cache" || !spoken_of(at));
    words.iter().enumerate().filter_map(of).collect()
}

/// Words behind `cache` in the names of what is kept about caches, and not in one.
const ABOUT_CACHES: &[&str] = &["hits", "invalidated", "invalidation", "invalidations", "keys", "misses", "stats"];

fn of_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "lock" | "locks" | "locked" | "mutex" | "semaphore" | "lockkey" | "locker" => "lock",
        "session" | "sessions" | "sess" => "session",
        "token" | "tokens" | "otp" | "nonce" | "csrf" => "token",
        "ratelimit" | "throttle" | "rl" | "throttling" => "rate-limit",
        "cache" | "cached" | "caches" => "cache",
        "queue" | "queues" | "jobs" => "queue",
        _ => return None,
    })
}

/// What a function is for by its name, in the words of the fact `meant`.
pub(crate) fn meant(function: &str) -> &'static str {
    let first = words(function).into_iter().next();
    if first.is_some_and(|word| REMOVING.contains(&word.as_str())) { "removal" } else { "none" }
}

/// Verbs of functions that take away what is there, whoever made it. Not `purge`, `flush` and `drain`: they hand on what they take.
const REMOVING: &[&str] = &["break", "clear", "del", "delete", "destroy", "force", "obliterate", "remove", "reset", "truncate", "wipe"];

/// The lower-case words of a name or key: `acquireLock` is `acquire`, `lock`; `rate_limit` stays two words and is also tried joined.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before_lower = false;
    for c in text.chars() {
        if !c.is_ascii_alphanumeric() {
            words.push(String::new());
        } else {
            if c.is_ascii_uppercase() && before_lower {
                words.push(String::new());
            }
            if let Some(last) = words.last_mut() {
                last.push(c.to_ascii_lowercase());
            }
        }
        before_lower = c.is_ascii_lowercase();
    }
    words.retain(|word| !word.is_empty());
    let joined: Vec<String> =
        words.windows(2).filter(|pair| pair[0] == "rate" && pair[1].starts_with("limit")).map(|_| "ratelimit".to_owned()).collect();
    words.extend(joined);
    words
}

#[cfg(test)]
mod tests {
    use super::{meant, purpose};

    #[test]
    fn the_verb_of_a_function_tells_what_it_is_meant_for() {
        for (function, expected) in [
            ("clear_all", "removal"),
            ("resetQueue!", "removal"),
            ("forceUnlock", "removal"),
            ("delLock", "removal"),
            ("purgeTags", "none"),
            ("release", "none"),
            ("clearance", "none"),
            ("", "none"),
        ] {
            assert_eq!(meant(function), expected, "{function}");
        }
    }

    #[test]
    fn words_of_keys_come_before_words_of_names() {
        for (keys, names, expected) in [
            (vec!["lock:queue-retry"], vec!["run"], "lock"),
            (vec!["user:"], vec!["acquireLock"], "lock"),
            (vec!["block:1", "clock"], vec!["unlocked_things"], "none"),
            (vec!["rate_limit:"], vec![], "rate-limit"),
            (vec!["sess:"], vec!["lockUser"], "session"),
            (vec!["lock:"], vec!["resetLockCounter"], "none"),
            (vec!["cache:keys"], vec![], "none"),
            (vec![], vec!["RedisKey.cf_cache_invalidated_extensions"], "none"),
            (vec!["cache_hits:session:"], vec![], "session"),
            (vec!["page-cache:"], vec![], "cache"),
            (vec!["login-lock:"], vec!["fail"], "none"),
            (vec![], vec![], "none"),
        ] {
            assert_eq!(purpose(&keys, &names), expected, "{keys:?} {names:?}");
        }
    }
}
