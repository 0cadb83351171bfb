#include <cstdio>
#include <exception>
#include <iostream>

#include "node/runtime/Program.h"

int main(int argc, char** argv) {
    try {
        const std::vector<std::string_view> arguments(argv + 1, argv + argc);
        return static_cast<int>(chancery::node::runNode(arguments, std::cout, std::cerr));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "chancery-node: %s\n", error.what());
        return 70;
    }
}
