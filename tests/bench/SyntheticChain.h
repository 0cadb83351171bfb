#pragma once

#include <filesystem>

#include "src/base/Status.h"

namespace chancery::bench {

/// Writes a long chain into `folder` as raw block files: the vectors' real ledger, and behind it
/// `transactions` made up ones in blocks of a hundred. Each is signed by a client and endorsed by
/// the two organisations that the contract asks for; each block is signed by the orderer. The keys
/// are those of the vectors.
Status writeSyntheticChain(const std::filesystem::path& folder, std::size_t transactions);

}  // namespace chancery::bench
