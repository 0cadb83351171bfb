#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/base/Bytes.h"

namespace chancery::crypto {

/// One PEM block as Go's encoding/pem finds it, because Fabric reads every certificate and key
/// through that: text may stand before the block, any label will do, lines may end in CRLF or have
/// any length, and a damaged block is passed over in favour of a later good one.
struct PemBlock {
    std::string label;
    std::vector<std::pair<std::string, std::string>> headers;  ///< "Proc-Type" and the like
    Bytes der;
    BytesView before;  ///< what stood in front of the block (a view of the input)
    BytesView rest;    ///< what follows the line of the END mark (a view of the input)
};

/// The first good block; nothing when there is none. Takes time linear in the input.
std::optional<PemBlock> readPem(BytesView text);

/// Every good block in turn, at most `most`.
std::vector<PemBlock> readAllPem(BytesView text, std::size_t most = 1000);

/// Lines of 64 characters, LF, final LF.
std::string writePem(std::string_view label, BytesView der);

}  // namespace chancery::crypto
