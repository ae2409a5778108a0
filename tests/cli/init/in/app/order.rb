class Order < ApplicationRecord
  self.ignored_columns += %w[email phone]
  validates :email, presence: true
end
class Shop < ApplicationRecord
  self.ignored_columns = [:code]
end
class Parcel < ApplicationRecord
  self.implicit_order_column = "code"
end
