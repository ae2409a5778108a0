module Bank
class Order < ApplicationRecord
  attribute :email
end
end
