class Order {
  constructor(email) { this.email = email; }
}
new Order("a@b").email;
