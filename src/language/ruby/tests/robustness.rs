//! Any text is lowered, and lowered in bounded space.

use proptest::prelude::*;

use super::lower;
use crate::program::{Module, NodeId, print};

/// A piece of everything, to be cut up and mixed.
const SAMPLE: &str = r##"
require "redis"
module App
  class Cache < Base::Store
    include Redis::Objects
    extend self
    attr_accessor :redis, :ttl
    delegate :get, to: :@redis, prefix: true
    KEY = "app:%s:%<id>05d".freeze
    Point = Struct.new(:x, :y, keyword_init: true) do
      def sum = x + y
    end
    class << self
      def current(*args, **, &block) = (@current ||= new(*args, **, &block))
      private def hidden(...) = super
    end
    def initialize(redis: Redis.new(url: ENV["URL"]), ttl: 60)
      @redis, (@ttl, *rest), self.x = redis, [ttl]
    rescue Redis::BaseError, *OTHERS => e
      retry if (n += 1) < 3
      raise Foo, "x#{e.message}"
    else
      nil
    ensure
      @redis&.close
    end
    def fetch(key, **opts)
      @redis.eval(<<~LUA.strip, keys: [key], argv: [<<-'B'])
        return #{key} \u{1F600}
          \t
      LUA
        raw \n
        B
      value = @redis.pipelined { |p| p.get(format("a:%s", key)); _1.ttl(key) }
      case value
      in { a: Integer => a, b: [x, *] } unless a.zero? then "é☠" % [x]
      in ^key | nil then it
      else value => { c: }
      end
      ids.each_slice(2).map(&:to_s).send(:each) do |(a, b), c = 1, d:, **e; f|
        next unless a..b
        yield a, *b, "k" => 1, :s => 2, k: 3
      end
      %w[a b].each { |k| @redis.set k, ?a, ex: 1_000, nx: true }
      while x do break; end until y
      -> (z) { z[1, 2] ||= 3; %i[x y]; :"a#{b}"; /(?<year>\d+)#{z}/ =~ z }
    end
    alias_method :read, :fetch
    alias write= fetch
  end
end
# comment
=begin
block
=end
__END__
data
"##;

/// What every module must keep, whatever the text.
fn check_invariants(text: &str, module: &Module) {
    for index in 0..module.nodes.len() {
        let id = NodeId(index as u32);
        module.each_child(id, &mut |child| assert!(child < id, "a child stands behind its parent in {text:?}"));
        assert!(text.get(module.span(id).range()).is_some(), "{:?} is no span of {text:?}", module.span(id));
    }
    for function in &module.functions {
        assert!((function.body.0 as usize) < module.nodes.len(), "a function without body in {text:?}");
    }
    assert!(!print(module).is_empty());
}

/// Lowers in a thread with the stack that is asked for, whatever the stack of the test's own thread is.
fn lower_in_8_mib(text: String) -> Module {
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(move || lower(&text));
    thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_else(|| panic!("lowering failed"))
}

#[test]
fn the_sample_is_read_without_error() {
    let module = lower(SAMPLE);
    assert_eq!(module.errors, []);
    assert!(!module.truncated);
    check_invariants(SAMPLE, &module);
}

#[test]
fn nesting_of_every_kind_is_cut_off() {
    const DEPTH: usize = 2_000;
    let cases = [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("f(a: ", "1", ")"),
        ("{ a: ", "1", "}"),
        ("f { ", "1", " }"),
        ("f do |x| ", "1", " end"),
        ("-> { ", "1", " }"),
        ("if a then ", "1", " end"),
        ("def a; ", "1", " end"),
        ("class A; ", "1", " end"),
        ("class << self; ", "1", " end"),
        ("A = Class.new { ", "1", " }"),
        ("begin; ", "1", "; rescue; end"),
        ("case a when b then ", "1", " end"),
        ("a ? b : ", "1", ""),
        ("a = ", "1", ""),
        ("!", "1", ""),
        ("a ** ", "1", ""),
        ("f ", "1", ""),
        ("x in [", "a", "]"),
        ("", "a", " if b"),
        ("", "a", " rescue b"),
    ];
    for (before, middle, behind) in cases {
        let module = lower_in_8_mib(format!("{}{middle}{}", before.repeat(DEPTH), behind.repeat(DEPTH)));
        assert!(module.truncated, "{before}{middle}{behind}");
    }
}

#[test]
fn long_chains_are_not_deep() {
    const LINKS: usize = 2_000;
    let cases = [
        format!("a{}", ".b(1)".repeat(LINKS)),
        format!("a{}", "&.b { c }".repeat(LINKS)),
        format!("a{}", "[0]".repeat(LINKS)),
        format!("a{}", " + 'b'".repeat(LINKS)),
        format!("a{}", " || b".repeat(LINKS)),
        format!("a{}", "::B".repeat(LINKS)),
        format!("if a\n{}end", "elsif b then c\n".repeat(LINKS)),
        format!("'a'{}", " 'b'".repeat(LINKS)),
        "a = 1\n".repeat(LINKS),
    ];
    for text in cases {
        let module = lower_in_8_mib(text.clone());
        assert!(!module.truncated, "{}", &text[..20]);
    }
}

#[test]
fn what_surrounds_an_error_is_lowered() {
    let module = lower("redis.get(a)\nfoo(]\nredis.set(b)\n");
    assert!(!module.errors.is_empty());
    let printed = print(&module);
    assert!(printed.contains(".get (call .a)"), "{printed}");
    assert!(printed.contains(".set (call .b)"), "{printed}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_lowered(text in any::<String>()) {
        check_invariants(&text, &lower(&text));
    }

    #[test]
    fn any_bytes_are_lowered(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        check_invariants(&text, &lower(&text));
    }

    #[test]
    fn a_damaged_text_is_lowered(cuts in proptest::collection::vec((0..SAMPLE.len(), 0..SAMPLE.len(), "[#<{(\\[|'\"%&*:\n@\\\\ ~.)}\\]=a-c]{0,4}"), 1..6)) {
        let mut text = SAMPLE.to_owned();
        for (start, length, inserted) in cuts {
            let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let (start, end) = (floor(start), floor(start + length % 40));
            text.replace_range(start..end.max(start), &inserted);
        }
        check_invariants(&text, &lower(&text));
    }

    #[test]
    fn a_cut_text_is_lowered(at in 0..SAMPLE.len()) {
        if let Some(text) = SAMPLE.get(..at) {
            check_invariants(text, &lower(text));
        }
    }
}
