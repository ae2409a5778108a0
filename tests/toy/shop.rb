class Jar < Shelf
  holds :label, :size  #! declare Jar.label
end

class Box < Shelf
  holds :label  #! none
  points :inner, at: "Jar"
end

a = Jar.grab(1)
a.peek_label  #! read Jar.label
a.poke_label  #! write Jar.label
a.stuff(:label, :size)  #! write Jar.label
a.stuff(:size, :label)  #! none
a.rummage(name)  #! blind Jar
b = Box.grab(1)
b.peek_label  #! none
b.inner.label  #! read Jar.label
b.label  #! none
b.stuff(:label)  #! none
Jar.sift(label: 1).each { |j| j.peek_label }  #! query Jar.label ; read Jar.label
Box.sift(label: 1).each { |x| x.peek_label }  #! none
SQL = "UPDATE jar_shelf SET label = 1"  #! write Jar.label
