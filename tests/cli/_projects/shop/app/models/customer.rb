class Customer < ApplicationRecord
  has_many :orders

  def remind(other)
    orders.where(email: other).each do |order|
      order.email = other
      order.save
    end
  end
end
