require "json"
require "redis"

# How many pieces of each product are in stock, as the web server reads it.
class Stock
  TTL = 86_400

  def initialize(redis = Redis.new(url: ENV.fetch("REDIS_URL", "redis://localhost:6379")))
    @redis = redis
  end

  def store(product_id, count)
    @redis.set(key(product_id), { count: count }.to_json)
    @redis.expire(key(product_id), TTL)
  end

  def counts(product_ids)
    product_ids.map { |id| JSON.parse(@redis.get(key(id)))["count"] }
  end

  def sold(product_id)
    stock = JSON.parse(@redis.get(key(product_id)))
    stock["count"] -= 1
    @redis.set(key(product_id), stock.to_json)
  end

  private

  def key(product_id)
    "shop:stock:#{product_id}"
  end
end
