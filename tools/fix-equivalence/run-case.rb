# frozen_string_literal: true

# Runs every method of a case, each on an empty server, and writes what it answers and leaves behind as JSON.

require "json"
require "redis"
require File.expand_path(ARGV.fetch(0))

PORT = Integer(ENV.fetch("PORT"))
LOOK = Redis.new(port: PORT)
READS = {
  "string" => ->(key) { LOOK.get(key) },
  "list" => ->(key) { LOOK.lrange(key, 0, -1) },
  "hash" => ->(key) { LOOK.hgetall(key) }
}.freeze

def state
  LOOK.keys("*").sort.to_h { |key| [key, { type: LOOK.type(key), value: READS.fetch(LOOK.type(key)).call(key), pttl: LOOK.pttl(key) }] }
end

results = Cases.public_instance_methods(false).sort.to_h do |name|
  LOOK.flushall
  answer =
    begin
      { reply: Cases.new(PORT).public_send(name) }
    rescue StandardError => e
      { error: e.message }
    end
  [name, answer.merge(state: state)]
end
puts JSON.generate(results)
