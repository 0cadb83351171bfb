#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace chancery::test {

/// Folder tests/data of the checkout.
std::filesystem::path dataFolder();

/// tests/data/vectors joined with `relative`.
std::filesystem::path vectorPath(const std::string& relative);

/// Whole file below tests/data/vectors; throws std::runtime_error when it cannot be read.
std::string vectorFile(const std::string& relative);

/// facts.json of the main set, parsed once per program.
const nlohmann::json& facts();

/// bft/facts.json, parsed once per program.
const nlohmann::json& bftFacts();

}  // namespace chancery::test
