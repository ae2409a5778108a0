package shop;

class Clerk {
    String label(Wrap wrap) {
        return wrap.desk().handOver().getName();
    }
}
