package shop;

class Base {
}

class Shelf<T extends Base> {
    T first;
    String label() { return first.name; }
}
