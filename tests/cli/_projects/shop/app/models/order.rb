class Order < ApplicationRecord
  belongs_to :customer
  validates :email, presence: true

  def recipient
    email.downcase
  end
end
