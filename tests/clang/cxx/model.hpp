#pragma once

namespace app {

struct Base {
    int code = 0;
};

inline namespace v2 {

class Function : public Base {
public:
    Function() : type(0), mName(nullptr) {} // #! write Function.type, write Function.mName
    explicit Function(int t) : type(t) {} // #! write Function.type
    const char *name() const { return mName; } // #! declare Function.mName accessor, read Function.mName
    const char *getName() const { return mName; } // #! declare Function.mName accessor, read Function.mName
    void setName(const char *n) { mName = n; } // #! declare Function.mName accessor, write Function.mName
    bool isFine() const { return type == limit; } // #! read Function.type, read Function.limit
    static int limit; // #! declare Function.limit
    [[deprecated]] int old; // #! declare Function.old deprecated
    int type; // #! declare Function.type
private:
    const char *mName; // #! declare Function.mName
};

} // namespace v2

struct Scope {
    int type;
    const char *name() const { return nullptr; }
};

template <class T> struct Box {
    T type;
    T get() { return type; }
};

} // namespace app
