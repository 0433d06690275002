# frozen_string_literal: true

# gem: redis
# fixes: 7
require "redis"
require "json"

class Cases
  SECONDS = 60

  def initialize(port)
    @redis = Redis.new(port: port)
  end

  def plain
    @redis.set("k", "v")
    @redis.expire("k", 60)
    nil
  end

  def computed_key(id = 7)
    key = "session:#{id}:{tag}"
    @redis.set(key, { id: id }.to_json)
    @redis.expire(key, SECONDS * 2)
    key
  end

  def milliseconds
    @redis.set("k", "v")
    @redis.pexpire("k", 61_000)
    true
  end

  def over_a_ttl
    @redis.set("k", "old", ex: 5)
    @redis.set("k", "new")
    @redis.expire("k", 60)
    nil
  end

  def over_another_type
    @redis.lpush("k", "x")
    @redis.set("k", "v")
    @redis.expire("k", 60)
    nil
  end

  def number_and_empty_text
    @redis.set("n", 5)
    @redis.expire("n", 60)
    @redis.set("e", "")
    @redis.expire("e", 61)
    nil
  end

  def in_a_branch(wanted = true)
    if wanted
      @redis.set("k", "v")
      @redis.expire("k", 60)
    end
    @redis.get("k")
  end
end
