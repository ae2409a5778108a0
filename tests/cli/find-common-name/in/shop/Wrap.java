package shop;

class Wrap {
    private Gift content;
    String label() { return content.getName(); }
    Desk desk() { return null; }
}

class Desk {
    Gift handOver() { return null; }
}
