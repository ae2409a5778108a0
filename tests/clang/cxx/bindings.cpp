#include "model.hpp"
#include <cstddef>

struct Pair { // aggregates have no private members
    int left; // #! declare Pair.left
    int right;
};

int bind(Pair p)
{
    auto [a, b] = p; // #! blind Pair
    Pair other{1, 2}; // #! blind Pair
    Pair named{.left = 1, .right = 2}; // #! write Pair.left
    return a + b + other.left + named.right; // #! read Pair.left
}
