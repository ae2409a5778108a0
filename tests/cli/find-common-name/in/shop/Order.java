package shop;

class Order extends Base {
    private String name;
    String getName() { return name; }
}

class Gift extends Order {
}
