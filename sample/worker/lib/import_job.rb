require "sidekiq"

require_relative "stock"

# Takes over the stock that the warehouse reports every night.
class ImportJob
  include Sidekiq::Job

  def perform(path)
    return unless lock?

    File.foreach(path) do |line|
      product_id, count = line.split(",")
      Stock.new.store(product_id, Integer(count))
    end
  end

  private

  def lock?
    Sidekiq.redis { |redis| redis.call("SETNX", "shop:lock:import", "1") == 1 }
  end
end
