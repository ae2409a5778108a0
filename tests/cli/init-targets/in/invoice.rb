class Invoice < ApplicationRecord
end

Invoice.first.is_taxable
