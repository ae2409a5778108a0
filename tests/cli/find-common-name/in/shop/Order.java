package shop;

class Order {
    private String name;
    String getName() { return name; }
}

class Gift extends Order {
}
