module Shop
class Order < ActiveRecord::Base
  attribute :email
end
end
