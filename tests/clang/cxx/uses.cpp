#include "model.hpp"

int app::Function::limit = 3; // #! declare Function.limit

void changes(int &);
void looks(const int &);
void takes(int);

struct Derived : app::Function {
    using Function::type; // #! declare Function.type
    int inside() { return type; } // #! read Function.type
};

struct Value {
    Value &operator+=(int);
    int number;
};

template <class T> int generic(T t)
{
    return t.type; // #! dependent read Function.type
}

int reads(const app::Function &f, app::Scope &s, app::Box<int> &box, Derived &d)
{
    int sum = f.type; // #! read Function.type
    sum += s.type + box.type + box.get();
    sum += d.type; // #! read Function.type
    auto pointer = &f;
    sum += pointer->type; // #! read Function.type
    auto each = [&] { return f.type; }; // #! read Function.type
    looks(f.type); // #! read Function.type
    takes(f.type); // #! read Function.type
    int app::Function::*member = &app::Function::type; // #! read Function.type
    sum += f.*member + generic(f) + each();
    sum += f.name() != s.name(); // #! read Function.mName accessor
    return sum + app::Function::limit; // #! read Function.limit
}

void writes(app::Function &f, Derived &d)
{
    f.type = 1; // #! write Function.type
    d.type += 1; // #! write Function.type
    changes(f.type); // #! write Function.type
    int &alias = f.type; // #! write Function.type
    const int &view = f.type; // #! read Function.type
    alias = view;
    f.setName("a"); // #! write Function.mName accessor
}
