//! Strings, symbols and numbers.

use super::check;

#[test]
fn strings_are_unescaped() {
    check(
        r##"
        "a\n\t\e\s\u00e9\u{1F600 41}\x41\101\"\#{x}"
        'a\n\'b\\c'
        %q(a\)b)
        'Ctrl+\ a\-'
        %(a#{b})
        %Q[a]
        ?a
        ?\n
        "a" 'b' "#{c}d"
        "##,
        r##"
        fn0 module
          "a\n\t\u{1b} é😀AAA\"#{x}"
          "a\\n'b\\c"
          "a)b"
          "Ctrl+\\ a\\-"
          (template "a" (call .b))
          "a"
          "a"
          "\n"
          (template "ab" (call .c) "d")
          returns last
        "##,
    );
}

#[test]
fn strings_with_holes_are_templates() {
    check(
        r##"
        "a:#{b}:#{c.d}"
        "#@a#$b"
        "#{a; b}"
        "#{}"
        :"a#{b}"
        "##,
        r#"
        fn0 module
          (template "a:" (call .b) ":" (call (call .c) .d))
          (template this.a (global $b))
          (template {
            (call .a)
            (call .b)
          })
          (template "")
          (template "a" (call .b))
          returns last
        "#,
    );
}

#[test]
fn symbols_and_word_lists() {
    check(
        r#"
        :a
        :"a b"
        :a?
        :[]
        %s(a)
        %w[a b\ c #{d}]
        %W[a#{b} c\n]
        %i[a b]
        { a: 1, "b" => 2, "c": 3, :d => 4, e => 5, f:, **g }
        "#,
        r##"
        fn0 module
          :a
          :a b
          :a?
          :[]
          :a
          (array "a" "b c" "#{d}")
          (array (template "a" (call .b)) "c\n")
          (array :a :b)
          {:a => 1, b: 2, :c => 3, :d => 4, [(call .e)]: 5, :f => (call .f), ...(call .g)}
          returns last
        "##,
    );
}

#[test]
fn heredocs_stand_where_their_opener_stands() {
    check(
        r#"
redis.eval(<<~LUA.strip, keys: [a])
  local x = 1

    return #{x}
  LUA
b
"#,
        r#"
        fn0 module
          (call (call .redis) .eval (call (template "local x = 1\n\n  return " (call .x) "\n") .strip) keys: (array (call .a)))
          (call .b)
          returns last
        "#,
    );
    check(
        r#"
f(<<A, <<-'B') # comment
  a	#{x}
A
  b	#{x}
  B
"#,
        r#"
        fn0 module
          (call .f (template "  a\t" (call .x) "\n") "  b\t#{x}\n")
          returns last
        "#,
    );
    check(
        r#"
f(<<~A)
	a
        b
  #{c}
A
"#,
        r#"
        fn0 module
          (call .f (template "\ta\n      b\n" (call .c) "\n"))
          returns last
        "#,
    );
    check(
        r#"
f <<~A
  a \
  b
A
"#,
        r#"
        fn0 module
          (call .f "a b\n")
          returns last
        "#,
    );
    check(
        r#"
f <<~`A`
  ls #{x}
A
"#,
        r#"
        fn0 module
          (call .f (opaque (call .x)))
          returns last
        "#,
    );
    check(
        r#"
f <<~A
A
"#,
        r#"
        fn0 module
          (call .f "")
          returns last
        "#,
    );
}

#[test]
fn numbers() {
    check(
        r#"
        1_000
        0x1f
        0b11
        017
        -1
        1.5e3
        -2.5
        99999999999999999999
        2i
        "#,
        r#"
        fn0 module
          1000
          31
          3
          15
          -1
          1500.0
          -2.5
          1e20
          (opaque 2)
          returns last
        "#,
    );
}
