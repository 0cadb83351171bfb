#pragma once

#include <string>

#include "src/protocol/Transaction.h"

namespace chancery::test {

/// Reads the same bytes with generated protobuf classes and says where the hand-written decoder
/// differs: in what it accepts or in what it reads. Empty when both agree.
std::string disagreement(const protocol::Transaction& transaction);

/// An endorser transaction like `model` with one layer's bytes replaced; everything around is
/// written anew.
Bytes envelopeWith(const protocol::Transaction& model, protocol::Layer layer, BytesView bytes);

/// The bytes of one layer of a transaction with at least one action.
BytesView layerBytes(const protocol::Transaction& transaction, protocol::Layer layer);

}  // namespace chancery::test
