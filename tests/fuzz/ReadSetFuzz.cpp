// Two read/write sets, one behind the other, as transactions of one block: conflicts, phantom
// reads, what they leave in the state. The first two bytes are the size of the first set.
#include <cstdint>
#include <cstdlib>

#include "src/verify/Contracts.h"
#include "src/verify/ReadCheck.h"
#include "tests/fuzz/SnapshotChain.h"

namespace {

using namespace chancery;

void pass(BytesView bytes, std::uint64_t index, verify::PendingUpdates& updates) {
    const auto set = protocol::decodeReadWriteSet(bytes);
    if (!set.ok()) return;
    const auto reads = verify::checkReads(*set, updates, fuzz::snapshotChain().state);
    if (!reads.ok()) std::abort();
    const bool valid = reads->code == protocol::ValidationCode::Valid;
    if (valid == reads->cause.has_value()) std::abort();
    // Applied in any case, to go through more of it.
    if (!updates.apply(*set, {278, index}, fuzz::snapshotChain().state).ok()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return fuzz::snapshotChain().stateKnown ? 0 : -1;
    const BytesView input(reinterpret_cast<const char*>(data), size);
    const std::size_t first = std::min<std::size_t>(data[0] | data[1] << 8U, size - 2);
    verify::PendingUpdates updates;
    pass(input.substr(2, first), 0, updates);
    pass(input.substr(2 + first), 1, updates);
    (void)updates.toBatch().serialize();
    verify::Contracts contracts;
    verify::Expiry expiry = fuzz::snapshotChain().expiry;
    const auto definitions = [&](std::string_view name) {
        return contracts.find(name, fuzz::snapshotChain().state);
    };
    if (!expiry.pass(278, updates, fuzz::snapshotChain().state, definitions).ok()) std::abort();
    return 0;
}
