// A single block at the door: its form, its signatures, what covers its bytes.
#include <cstdint>
#include <cstdlib>

#include "src/verify/BlockCheck.h"
#include "src/verify/BlockVerifier.h"
#include "src/verify/Coverage.h"
#include "src/verify/Validator.h"
#include "tests/fuzz/SnapshotChain.h"

namespace {

using namespace chancery;

void checkCoverage(const protocol::SharedBytes& bytes, verify::Container container) {
    verify::Scope scope;
    scope.signaturesFrom = scope.codesFrom = scope.commitHashesFrom = 1;
    const auto coverage = verify::Coverage::of(bytes, container, scope);
    if (!coverage.ok()) return;
    std::uint64_t at = 0;
    for (const auto& span : coverage->spans()) {
        if (span.begin != at || span.end <= span.begin) std::abort();
        at = span.end;
    }
    if (at != bytes.size()) std::abort();
}

void verifyOne(const protocol::Block& block, std::uint64_t size) {
    const Status status = verify::verifyBlock(block, block.number(), *fuzz::snapshotChain().bundle);
    const auto check = verify::checkBlock({block, "fuzz", 0, size}, fuzz::snapshotChain().channel,
                                          fuzz::snapshotChain().bundle.get());
    // What a peer refuses, the chain's verification must not pass.
    if (!status.ok() && check.findings.empty() && block.number() != 0) std::abort();
    verify::Validator validator(fuzz::snapshotChain().bundle, fuzz::snapshotChain().state);
    if (!validator.validate(verify::Validator::prepare(block, fuzz::snapshotChain().bundle)).ok())
        std::abort();
    (void)verify::Validator::validateGenesis(block);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return fuzz::snapshotChain().stateKnown ? 0 : -1;
    const protocol::SharedBytes bytes(Bytes(reinterpret_cast<const char*>(data), size));
    if (const auto block = protocol::Block::parse(bytes); block.ok()) verifyOne(*block, size);
    if (const auto block = protocol::decodeBlockRecord(bytes); block.ok()) verifyOne(*block, size);
    checkCoverage(bytes, verify::Container::Message);
    checkCoverage(bytes, verify::Container::Record);
    return 0;
}
