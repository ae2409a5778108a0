class Notice < ApplicationRecord
  def address
    email
  end
end
