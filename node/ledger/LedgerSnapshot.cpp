#include "node/ledger/SqlChannelLedger.h"

namespace chancery::node {

Status SqlChannelLedger::loadBootstrap() {
    return absl::OkStatus();
}
Status SqlChannelLedger::importSnapshot(const protocol::Snapshot&) {
    return absl::UnimplementedError("snapshots");
}
Result<protocol::SnapshotInfo> SqlChannelLedger::exportSnapshot(const std::filesystem::path&) {
    return absl::UnimplementedError("snapshots");
}
Result<std::unique_ptr<ChannelLedger>> ChannelLedger::createFromSnapshot(
    const std::filesystem::path&, const protocol::Snapshot&, const Options&) {
    return absl::UnimplementedError("snapshots");
}

}  // namespace chancery::node
