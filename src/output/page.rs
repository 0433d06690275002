//! A page of Markdown, as it reads well in a terminal or a pipe.

use std::io::{self, Write};

use super::{Style, clean};

/// Longest line of prose: what is longer is hard to read, however wide the terminal is.
const LONGEST: usize = 100;

/// Writes a page. Prose is wrapped anew, code and tables stay as they are. With colours, these take the place of marks; without,
/// the page is still Markdown.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_page(out: &mut dyn Write, page: &str, style: Style) -> io::Result<()> {
    let width = style.width.min(LONGEST);
    let mut prose = String::new();
    let mut in_code = false;
    for line in page.lines() {
        let line = clean(line);
        let fence = line.starts_with("```");
        let starts_item = line.starts_with("- ") && !in_code;
        let is_block = in_code || fence || line.is_empty() || line.starts_with(['#', '|']);
        if is_block || starts_item {
            write_prose(out, &prose, width, style.color)?;
            prose.clear();
        }
        match (in_code, fence, style.color) {
            _ if fence => {
                in_code = !in_code;
                if !style.color {
                    writeln!(out, "{line}")?;
                }
            }
            (true, _, true) => writeln!(out, "    {line}")?,
            _ if !is_block => {
                prose.push(' ');
                prose.push_str(line.trim());
            }
            (false, _, true) if line.starts_with('#') => writeln!(out, "\x1b[1m{}\x1b[0m", line.trim_start_matches(['#', ' ']))?,
            _ => writeln!(out, "{line}")?,
        }
    }
    write_prose(out, &prose, width, style.color)
}

/// A paragraph, or an item of a list, whose further lines are indented.
fn write_prose(out: &mut dyn Write, prose: &str, width: usize, color: bool) -> io::Result<()> {
    let prose = prose.trim();
    if prose.is_empty() {
        return Ok(());
    }
    let indent = if prose.starts_with("- ") { 2 } else { 0 };
    let mut column = 0;
    let mut in_code = false;
    for word in prose.split(' ') {
        let length = word.chars().count();
        if column == 0 {
            column = length;
        } else if column + 1 + length > width {
            write!(out, "\n{:indent$}", "")?;
            column = indent + length;
        } else {
            write!(out, " ")?;
            column += 1 + length;
        }
        for (at, part) in word.split('`').enumerate() {
            if at > 0 {
                in_code = !in_code;
                // Colours show where code begins and ends as well as backticks do; both together can be copied.
                write!(
                    out,
                    "{}",
                    if color && !in_code {
                        "`\x1b[0m"
                    } else if color {
                        "\x1b[36m`"
                    } else {
                        "`"
                    }
                )?;
            }
            write!(out, "{part}")?;
        }
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(page: &str, color: bool) -> String {
        let mut out = Vec::new();
        write_page(&mut out, page, Style { color, width: 20, quiet: false }).expect("memory takes it");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn prose_is_wrapped_and_code_is_not() {
        let page = "# A title that is longer than this\n\nSome words and `code in` them\nand more.\n\n- an item that is long\n  and goes on\n- two\n\n```ts\nconst aVeryLongNameOfAThing = 1;\n\n- x\n```\n| a | b | and so on and on |\n";
        assert_eq!(
            written(page, false),
            "# A title that is longer than this\n\nSome words and `code\nin` them and more.\n\n- an item that is\n  long and goes on\n- two\n\n```ts\nconst aVeryLongNameOfAThing = 1;\n\n- x\n```\n| a | b | and so on and on |\n"
        );
        assert_eq!(written("# A\n\nb `c` d\n\n```ts\ne\n```\n", true), "\x1b[1mA\x1b[0m\n\nb \x1b[36m`c`\x1b[0m d\n\n    e\n");
    }

    #[test]
    fn what_a_terminal_obeys_is_not_sent() {
        assert_eq!(written("a\x1b[31mb\n", false), "a␛[31mb\n");
    }
}
