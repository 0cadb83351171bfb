// Two read/write sets, one behind the other, as transactions of one block: conflicts, phantom
// reads, what they leave in the state. The first two bytes are the size of the first set.
#include <cstdint>
#include <cstdlib>

#include "src/protocol/Snapshot.h"
#include "src/verify/ChainState.h"
#include "src/verify/Contracts.h"
#include "src/verify/ReadCheck.h"
#include "tests/support/Vectors.h"

namespace {

using namespace chancery;

const verify::ChainState& chain() {
    static const verify::ChainState state = [] {
        const auto snapshot = protocol::Snapshot::open(test::vectorPath("ledger/snapshot_277"));
        if (!snapshot.ok()) std::abort();
        auto loaded = verify::ChainState::fromSnapshot(**snapshot);
        if (!loaded.ok()) std::abort();
        return *std::move(loaded);
    }();
    return state;
}

void pass(BytesView bytes, std::uint64_t index, verify::PendingUpdates& updates) {
    const auto set = protocol::decodeReadWriteSet(bytes);
    if (!set.ok()) return;
    const auto reads = verify::checkReads(*set, updates, chain().state);
    if (!reads.ok()) std::abort();
    const bool valid = reads->code == protocol::ValidationCode::Valid;
    if (valid == reads->cause.has_value()) std::abort();
    // Applied in any case, to go through more of it.
    if (!updates.apply(*set, {278, index}, chain().state).ok()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return chain().stateKnown ? 0 : -1;
    const BytesView input(reinterpret_cast<const char*>(data), size);
    const std::size_t first = std::min<std::size_t>(data[0] | data[1] << 8U, size - 2);
    verify::PendingUpdates updates;
    pass(input.substr(2, first), 0, updates);
    pass(input.substr(2 + first), 1, updates);
    (void)updates.toBatch().serialize();
    verify::Contracts contracts;
    verify::Expiry expiry = chain().expiry;
    const auto definitions = [&](std::string_view name) {
        return contracts.find(name, chain().state);
    };
    if (!expiry.pass(278, updates, chain().state, definitions).ok()) std::abort();
    return 0;
}
