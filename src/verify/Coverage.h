#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Status.h"
#include "src/protocol/SharedBytes.h"
#include "src/verify/Container.h"
#include "src/verify/Report.h"

namespace chancery::verify {

/// What notices a change of a byte.
enum class CoveredBy {
    HeaderHash,        ///< the next block names the hash of this header; orderers sign it too
    DataHash,          ///< the header names the hash of the transactions
    OrdererSignature,  ///< the orderers sign it, or it is their signature
    LastConfigCopy,    ///< must repeat what the orderers signed
    Codes,             ///< validation codes are recomputed
    CommitHash,        ///< the chain of commit hashes is recomputed
    GenesisForm,       ///< in the first block only one content is accepted
    Encoding,          ///< the bytes between contents have only one right form
    Nothing,
};
std::string_view nameOf(CoveredBy by);

/// Bytes of a block that share a fate.
struct CoveredSpan {
    std::uint64_t begin = 0;  ///< offset in the container
    std::uint64_t end = 0;    ///< first byte behind
    std::string part;  ///< "header.previous_hash", "data[3]", "metadata[0].signatures[1].signature"
    CoveredBy by = CoveredBy::Nothing;
    std::string why;  ///< a sentence; for Nothing: why nobody notices
};

/// For every byte of one stored block: what would notice a change of it. That depends on how far
/// the verification could go: without a configuration nobody checks signatures, without a state
/// nobody recomputes codes.
class Coverage {
public:
    /// `bytes` is the container: a whole common.Block, or a record of a block file without its
    /// length. `scope` is that of the report. The errors are those of decoding.
    static Result<Coverage> of(const protocol::SharedBytes& bytes, Container container,
                               const Scope& scope);

    /// All spans, without gaps, from 0 to the size of the container.
    const std::vector<CoveredSpan>& spans() const { return m_spans; }
    /// `offset` must be inside the container.
    const CoveredSpan& at(std::uint64_t offset) const;
    /// Bytes that nothing covers.
    std::uint64_t uncovered() const;

private:
    class Builder;
    std::vector<CoveredSpan> m_spans;
};

}  // namespace chancery::verify
