#include "tests/support/Vectors.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace chancery::test {

std::filesystem::path dataFolder() {
    return CHANCERY_TEST_DATA;
}

std::filesystem::path vectorPath(const std::string& relative) {
    return dataFolder() / "vectors" / relative;
}

std::string vectorFile(const std::string& relative) {
    std::ifstream in(vectorPath(relative), std::ios::binary);
    if (!in) throw std::runtime_error("cannot read vector " + relative);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

const nlohmann::json& facts() {
    static const nlohmann::json all = nlohmann::json::parse(vectorFile("facts.json"));
    return all;
}

const nlohmann::json& bftFacts() {
    static const nlohmann::json all = nlohmann::json::parse(vectorFile("bft/facts.json"));
    return all;
}

}  // namespace chancery::test
