//! "Did you mean".

/// The candidate most like a misspelt word, if one is close enough to be meant.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_ascii_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count().max(word.chars().count()) / 3).max(1))
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_close_words_are_offered() {
        assert_eq!(nearest("comand", ["command", "does"]), Some("command"));
        assert_eq!(nearest("SeverIty", ["severity", "sources"]), Some("severity"));
        assert_eq!(nearest("zzz", ["command", "does"]), None);
    }
}
