#include "tests/support/Vectors.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace chancery::test {
namespace {

std::string wholeFile(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The variable names a file with one fact made false; tests/support/facts_audit.py shows with it
// that some test notices.
nlohmann::json factsFrom(const char* variable, const std::string& relative) {
    const char* instead = std::getenv(variable);
    return nlohmann::json::parse(wholeFile(instead != nullptr ? instead : vectorPath(relative)));
}

}  // namespace

std::filesystem::path dataFolder() {
    return CHANCERY_TEST_DATA;
}

std::filesystem::path vectorPath(const std::string& relative) {
    return dataFolder() / "vectors" / relative;
}

std::string vectorFile(const std::string& relative) {
    return wholeFile(vectorPath(relative));
}

const nlohmann::json& facts() {
    static const nlohmann::json all = factsFrom("CHANCERY_TEST_FACTS", "facts.json");
    return all;
}

const nlohmann::json& bftFacts() {
    static const nlohmann::json all = factsFrom("CHANCERY_TEST_BFT_FACTS", "bft/facts.json");
    return all;
}

}  // namespace chancery::test
