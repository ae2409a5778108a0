ActiveRecord::Schema.define(version: 1) do
  create_table "orders" do |t|
    t.string "email"
    t.integer "customer_id"
  end
  create_table "notices" do |t|
    t.string "email"
  end
end
