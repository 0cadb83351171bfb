#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "src/protocol/Block.h"

namespace chancery::test {

/// Everything that we know about a block, told in the form of the fact files. Compared as a whole,
/// so that a fact which nobody looks at is a difference.
nlohmann::json describeBlock(const protocol::Block& block, std::size_t size);
nlohmann::json describeTransaction(const protocol::Transaction& transaction, std::size_t index);

/// The same for the fact file of the BFT channel.
nlohmann::json describeBftBlock(const protocol::Block& block);

/// Text, hex or hash with length, as the fact files write values of keys.
void describeValue(nlohmann::json& out, const std::string& name, BytesView bytes);
/// A key as text, with its bytes beside when it is not plain.
void describeKey(nlohmann::json& out, std::string_view key);

/// Paths where two values differ, with both sides; empty when they are equal.
std::vector<std::string> differences(const nlohmann::json& facts, const nlohmann::json& ours);
/// One text for QVERIFY2, at most a dozen lines.
std::string summary(const std::vector<std::string>& differences);

}  // namespace chancery::test
