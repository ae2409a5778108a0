#include "model.hpp"

// Names no member: found by the names that getters and setters have.
const char *copy(app::Function &to, const app::Function &from)
{
    to.setName(from.getName()); // #! write Function.mName accessor, read Function.mName accessor
    return from.getName(); // #! read Function.mName accessor
}
