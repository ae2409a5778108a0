package a;
public class Order {
    @Deprecated
    private String email;
    private String name;
}
