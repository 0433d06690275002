# frozen_string_literal: true

# Runs the rows of redis-rb, given as JSON on standard input, against the gem that is installed. Answers with
# [what, outcome] pairs: true, a text that says what was seen instead, or null where there is no experiment.

require "json"
require "time"
require "redis"

PORT = Integer(ARGV.fetch(0))
REDIS = Redis.new(port: PORT, timeout: 3)

def attempt
  { reply: yield }
rescue StandardError => e
  { error: e }
end

def said(tried)
  tried[:error] ? "raised #{tried[:error].class} #{tried[:error].message}" : "answered #{tried[:reply].inspect}"
end

EFFECTS = {
  "ttl:s" => { value: -> { 60 }, ttl: 60 },
  "ttl:ms" => { value: -> { 60_000 }, ttl: 60 },
  "ttl:s-at" => { value: -> { Time.now.to_i + 60 }, ttl: 60 },
  "ttl:ms-at" => { value: -> { (Time.now.to_i + 60) * 1000 }, ttl: 60 },
  "ttl:keep" => { value: -> { true }, ttl: 500 },
  "ttl:clear" => { value: -> { true }, ttl: -1 },
  "condition:NX" => { value: -> { true }, kept: true },
  "condition:XX" => { value: -> { true }, ttl: -1 },
  "get" => { value: -> { true }, ttl: -1, reply: "old" }
}.freeze

def set(*extra, **options)
  REDIS.flushall
  REDIS.set("k", "old", ex: 500)
  attempt { options.empty? ? REDIS.set("k", "new", *extra) : REDIS.set("k", "new", *extra, **options) }
end

def near?(ttl) = (REDIS.ttl("k") - ttl).abs <= 2

def set_form(shape, row)
  case row["verdict"]
  when "rejected"
    tried = { "hash" => -> { set({ ex: 60 }) }, "tokens" => -> { set("EX", 60) }, "number" => -> { set(60) } }.fetch(shape).call
    return tried[:error] ? true : said(tried)
  when "ignored"
    return nil unless shape == "nil"

    tried = set(ex: nil)
    return tried[:error] || REDIS.ttl("k") != -1 ? "#{said(tried)}, TTL #{REDIS.ttl("k")}" : true
  when "accepted"
    row["keys"].each do |name, meaning|
      effect = EFFECTS[meaning] or next
      tried = set(name.to_sym => effect[:value].call)
      return "#{name}: #{said(tried)}" if tried[:error]
      return "#{name}: stored #{REDIS.get("k")}" if REDIS.get("k") != (effect[:kept] ? "old" : "new")
      return "#{name}: TTL #{REDIS.ttl("k")}" unless effect[:kept] || near?(effect[:ttl])
      return "#{name}: #{said(tried)}" if effect[:reply] && tried[:reply] != effect[:reply]
    end
    if row["others"]
      tried = set(nonsense: 60)
      return "other name: #{said(tried)}" if (row["others"] == "rejected") != !tried[:error].nil?
    end
    return true
  end
  nil
end

def getex_form(row)
  row["keys"].each do |name, meaning|
    effect = EFFECTS.fetch(meaning)
    REDIS.set("k", "old", ex: 500)
    tried = attempt { REDIS.getex("k", name.to_sym => effect[:value].call) }
    return "#{name}: #{said(tried)}, TTL #{REDIS.ttl("k")}" if tried[:error] || !near?(effect[:ttl])
  end
  true
end

def expire_form(command, row)
  scale = command.start_with?("P") ? 1000 : 1
  row["keys"].each_key do |name|
    REDIS.set("k", "v")
    at = command.end_with?("AT") ? Time.now.to_i + 60 : 60
    tried = attempt { REDIS.public_send(command.downcase, "k", at * scale, name.to_sym => true) }
    return "#{name}: #{said(tried)}" if tried[:error] || REDIS.ttl("k").positive? != %w[nx lt].include?(name)
  end
  true
end

def scan_form(command, row)
  REDIS.flushall
  case command
  when "SCAN" then REDIS.mset("a:1", 1, "b:1", 1)
  when "HSCAN" then REDIS.hset("k", "a:1", 1, "b:1", 1)
  when "SSCAN" then REDIS.sadd("k", %w[a:1 b:1])
  when "ZSCAN" then REDIS.zadd("k", [[1, "a:1"], [1, "b:1"]])
  end
  key = command == "SCAN" ? [] : ["k"]
  tried = attempt { REDIS.public_send(command.downcase, *key, 0, match: "a:*", count: 10) }
  return said(tried) if tried[:error] || tried[:reply][1].size != 1
  return true unless row["others"]

  tried = attempt { REDIS.public_send(command.downcase, *key, 0, nonsense: "a:*") }
  (row["others"] == "rejected") == !tried[:error].nil? ? true : "other name: #{said(tried)}"
end

def blocking_form(command, shape)
  keys = %w[BRPOPLPUSH BLMOVE].include?(command) ? %w[q d] : ["q"]
  keys += %w[LEFT RIGHT] if command == "BLMOVE"
  REDIS.flushall
  tried = attempt { shape == "number" ? REDIS.public_send(command.downcase, *keys, 1) : REDIS.public_send(command.downcase, *keys, timeout: 1) }
  tried[:error] || !tried[:reply].nil? ? said(tried) : true
end

def zadd_form(row)
  wanted = { "condition:NX" => 5.0, "condition:XX" => 1.0, "condition:GT" => 5.0, "condition:LT" => 1.0 }
  row["keys"].each do |name, meaning|
    next unless wanted[meaning]

    REDIS.flushall
    REDIS.zadd("k", 5, "m")
    tried = attempt { REDIS.zadd("k", 1, "m", name.to_sym => true) }
    return "#{name}: #{said(tried)}" if tried[:error] || REDIS.zscore("k", "m") != wanted[meaning]
  end
  true
end

# A TTL that is no whole number.
def fraction_form(command, row)
  REDIS.flushall
  REDIS.set("k", "old")
  calls = {
    "SET" => -> { REDIS.set("k", "v", ex: 1.5) },
    "SETEX" => -> { REDIS.setex("k", 1.5, "v") },
    "PSETEX" => -> { REDIS.psetex("k", 1500.5, "v") },
    "EXPIRE" => -> { REDIS.expire("k", 1.5) },
    "PEXPIRE" => -> { REDIS.pexpire("k", 1500.5) }
  }
  tried = attempt(&calls.fetch(command))
  return tried[:error] ? true : said(tried) if row["verdict"] == "rejected"

  !tried[:error] && REDIS.pttl("k").between?(500, 1500) ? true : said(tried)
end

def form(command, shape, row)
  return fraction_form(command, row) if shape == "fraction"

  case command
  when "SET" then set_form(shape, row)
  when "GETEX" then getex_form(row)
  when /EXPIRE/ then expire_form(command, row)
  when /SCAN\z/ then scan_form(command, row)
  when "ZADD" then zadd_form(row)
  when /\AB[LRZ]/ then blocking_form(command, shape)
  when "EVAL" then attempt { REDIS.eval("return {KEYS[1], ARGV[1]}", keys: ["a"], argv: ["b"]) }[:reply] == %w[a b]
  end
end

VALUES = { "object" => { a: 1 }, "array" => ["v", 1], "time" => Time.at(0), "nil" => nil, "nilable" => nil, "boolean" => true }.freeze
STORES = { "SET" => ["k"], "SETEX" => ["k", 60], "PSETEX" => ["k", 60_000], "GETSET" => ["k"], "SETNX" => ["k"] }.freeze
TAKES_LISTS = %w[DEL UNLINK MGET SADD SREM LPUSH RPUSH PFADD SINTER SUNION SDIFF].freeze

def value(kind, command, row)
  return unless VALUES.key?(kind)

  given = VALUES[kind]
  REDIS.flushall
  if STORES.key?(command)
    tried = attempt { REDIS.public_send(command.downcase, *STORES[command], given) }
    stored = REDIS.get("k")
    wanted = row["verdict"] == "emptied" ? "" : given.to_s
    return !tried[:error] && stored == wanted ? true : "#{said(tried)}, stored #{stored.inspect}"
  end
  if row["verdict"] == "flattened" && kind == "array" && TAKES_LISTS.include?(command)
    keyed = %w[SADD SREM LPUSH RPUSH PFADD].include?(command)
    tried = attempt { keyed ? REDIS.public_send(command.downcase, "k", %w[a b]) : REDIS.public_send(command.downcase, %w[a b]) }
    return tried[:error] ? said(tried) : true
  end
  if row["verdict"] == "flattened" && kind == "object"
    case command
    when "HSET" then return attempt { REDIS.hset("k", { "f" => "v" }) && REDIS.hget("k", "f") }[:reply] == "v"
    when "XADD" then return attempt { REDIS.xadd("k", { "f" => "v" }) && REDIS.xlen("k") }[:reply] == 1
    end
  end
  nil
end

REPLIES = {
  "SISMEMBER" => -> { REDIS.sadd("k", "m"); REDIS.sismember("k", "m") },
  "EXPIRE" => -> { REDIS.set("k", "v"); REDIS.expire("k", 60) },
  "PEXPIRE" => -> { REDIS.set("k", "v"); REDIS.pexpire("k", 60_000) },
  "EXPIREAT" => -> { REDIS.set("k", "v"); REDIS.expireat("k", 4_000_000_000) },
  "PEXPIREAT" => -> { REDIS.set("k", "v"); REDIS.pexpireat("k", 4_000_000_000_000) },
  "PERSIST" => -> { REDIS.setex("k", 60, "v"); REDIS.persist("k") },
  "SETNX" => -> { REDIS.setnx("k", "v") },
  "MSETNX" => -> { REDIS.msetnx("k", "v") },
  "HEXISTS" => -> { REDIS.hset("k", "f", "v"); REDIS.hexists("k", "f") },
  "HSETNX" => -> { REDIS.hsetnx("k", "f", "v") },
  "RENAMENX" => -> { REDIS.set("k", "v"); REDIS.renamenx("k", "d") },
  "MOVE" => -> { REDIS.set("k", "v"); REDIS.move("k", 1) },
  "SMOVE" => -> { REDIS.sadd("k", "m"); REDIS.smove("k", "d", "m") },
  "COPY" => -> { REDIS.set("k", "v"); REDIS.copy("k", "d") },
  "PFADD" => -> { REDIS.pfadd("k", "a") },
  "PFMERGE" => -> { REDIS.pfadd("k", "a"); REDIS.pfmerge("d", "k") },
  "ZADD" => -> { REDIS.zadd("k", 1, "m") },
  "ZREM" => -> { REDIS.zadd("k", 1, "m"); REDIS.zrem("k", "m") },
  "SADD" => -> { REDIS.sadd("k", "m") },
  "SREM" => -> { REDIS.sadd("k", "m"); REDIS.srem("k", "m") },
  "EXISTS" => -> { REDIS.exists("k") },
  "ZSCORE" => -> { REDIS.zadd("k", 1, "m"); REDIS.zscore("k", "m") },
  "ZINCRBY" => -> { REDIS.zincrby("k", 1, "m") },
  "INCRBYFLOAT" => -> { REDIS.incrbyfloat("k", 1.5) },
  "HINCRBYFLOAT" => -> { REDIS.hincrbyfloat("k", "f", 1.5) },
  "INFO" => -> { REDIS.info },
  "CONFIG GET" => -> { REDIS.config(:get, "maxmemory") }
}.freeze

SHAPES = {
  "boolean" => ->(reply) { [true, false].include?(reply) },
  "integer" => ->(reply) { reply.is_a?(Integer) },
  "number" => ->(reply) { reply.is_a?(Float) },
  "map" => ->(reply) { reply.is_a?(Hash) }
}.freeze

def reply(command, row)
  experiment = REPLIES[command]
  shape = SHAPES[row["reply"]]
  return unless experiment && shape

  REDIS.flushall
  tried = attempt(&experiment)
  !tried[:error] && shape.call(tried[:reply]) ? true : said(tried)
end

$VERBOSE = nil
Redis.silence_deprecations = true if Redis.respond_to?(:silence_deprecations=)
plan = JSON.parse($stdin.read)
outcomes = []
plan["form"].each do |row|
  Array(row["command"]).product(Array(row["shape"])) do |command, shape|
    outcomes << ["form #{command} #{shape} #{row["verdict"]}", form(command, shape, row)]
  end
end
plan["value"].each do |row|
  Array(row["kind"]).product(Array(row["commands"])) do |kind, command|
    outcomes << ["value #{kind} #{command} #{row["verdict"]}", value(kind, command, row)]
  end
end
plan["reply"].each do |row|
  Array(row["commands"]).each { |command| outcomes << ["reply #{command} #{row["reply"]}", reply(command, row)] }
end
puts JSON.generate(version: Redis::VERSION, outcomes: outcomes)
