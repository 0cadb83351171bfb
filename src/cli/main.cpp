#include <iostream>

#include "src/cli/Program.h"

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    return chancery::cli::runProgram(argc, argv, std::cout, std::cerr);
}
