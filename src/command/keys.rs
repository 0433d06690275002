//! Where the keys of a command line stand, by the server's key specifications.

use smol_str::SmolStr;

/// One row of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySpec {
    /// What happens to them: `RO` `RW` `OW` `RM`, with `access` `insert` `update` `delete`.
    pub access: Vec<SmolStr>,
    /// Where the search begins; `None` when the server does not say.
    pub begin: Option<Begin>,
    /// How the keys are found from there; `None` when the server does not say.
    pub find: Option<Find>,
}

/// Where the keys begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begin {
    /// At a word, counted over the whole command line from 0, the name being word 0 (and a subcommand word 1).
    Index(u32),
    /// After a keyword.
    Keyword {
        /// Upper case.
        word: SmolStr,
        /// The word where the search for it begins; negative: counted from the end, backwards.
        from: i32,
    },
}

/// Which words from there are keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Find {
    /// Every `step`th word up to `last`, counted from the beginning of the search; negative: from the end of the line.
    Range {
        /// Last key.
        last: i32,
        /// Distance from key to key.
        step: u32,
        /// With a negative `last`: only the first 1/`limit` of the words left (0 and 1: all).
        limit: u32,
    },
    /// A word tells how many follow.
    Number {
        /// Its place, from the beginning of the search.
        index: u32,
        /// The first key, from the beginning of the search.
        first: u32,
        /// Distance from key to key.
        step: u32,
    },
}

/// The keys of a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyPositions {
    /// Places among the words after the command name, 0-based, ascending, each once.
    pub known: Vec<usize>,
    /// Whether these are certainly all.
    pub complete: bool,
}

/// Finds them. `words` are those after the command name (`name_words` of them), `None` where the text is not known;
/// `open` says that more words may follow that are not in the list (a spread).
pub(super) fn key_positions(specs: &[KeySpec], name_words: usize, words: &[Option<&str>], open: bool) -> KeyPositions {
    let mut keys = KeyPositions { known: Vec::new(), complete: true };
    for spec in specs {
        keys.complete &= find(spec, name_words, words, open, &mut keys.known);
    }
    keys.known.sort_unstable();
    keys.known.dedup();
    keys
}

/// Adds the keys of one specification; false when there may be more.
fn find(spec: &KeySpec, name_words: usize, words: &[Option<&str>], open: bool, known: &mut Vec<usize>) -> bool {
    let (Some(begin), Some(how)) = (&spec.begin, spec.find) else { return false };
    let start = match begin {
        Begin::Index(index) => (*index as usize).saturating_sub(name_words),
        Begin::Keyword { word, from } => match keyword(word, *from, name_words, words, open) {
            Search::At(place) => place + 1,
            Search::Absent => return true,
            Search::Unknown => return false,
        },
    };
    match how {
        Find::Range { last, step, limit } => range(start, (last, step.max(1) as usize, limit), words.len(), open, known),
        Find::Number { index, first, step } => number(start, (index as usize, first as usize, step.max(1) as usize), words, open, known),
    }
}

enum Search {
    At(usize),
    Absent,
    Unknown,
}

fn keyword(word: &str, from: i32, name_words: usize, words: &[Option<&str>], open: bool) -> Search {
    let is = |place: usize| words[place].map(|text| text.eq_ignore_ascii_case(word));
    let places: Vec<usize> = if from >= 0 {
        ((from as usize).saturating_sub(name_words)..words.len()).collect()
    } else if open {
        return Search::Unknown;
    } else {
        (0..words.len().saturating_sub(from.unsigned_abs() as usize - 1)).rev().collect()
    };
    // A word whose text is not known could be the keyword, or a value: the first certain one counts, since option
    // keywords are written as literals, and without one nothing can be said.
    let mut doubt = open;
    for place in places {
        match is(place) {
            Some(true) => return Search::At(place),
            Some(false) => {}
            None => doubt = true,
        }
    }
    if doubt { Search::Unknown } else { Search::Absent }
}

fn range(start: usize, (last, step, limit): (i32, usize, u32), count: usize, open: bool, known: &mut Vec<usize>) -> bool {
    if last >= 0 {
        let end = start + last as usize;
        known.extend((start..=end).step_by(step).filter(|place| *place < count));
        return end < count || !open;
    }
    if open {
        // How far the keys reach depends on words that are not in the list; the first is a key whatever follows.
        known.extend((start..count).step_by(step).take(if limit > 1 || last < -1 { 1 } else { usize::MAX }));
        return false;
    }
    let mut end = count.saturating_sub(last.unsigned_abs() as usize - 1);
    if limit > 1 {
        end = start + end.saturating_sub(start) / limit as usize;
    }
    known.extend((start..end).step_by(step));
    true
}

fn number(start: usize, (index, first, step): (usize, usize, usize), words: &[Option<&str>], open: bool, known: &mut Vec<usize>) -> bool {
    let Some(told) = words.get(start + index) else { return !open };
    let Some(told) = told.and_then(|text| text.parse::<usize>().ok()) else { return false };
    let begin = start + first;
    known.extend((0..told.min(words.len())).map(|nth| begin + nth * step).filter(|place| *place < words.len()));
    told == 0 || begin + (told - 1) * step < words.len() || !open
}
