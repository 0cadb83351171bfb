#pragma once

#include <memory>

#include "node/peer/AccessControl.h"
#include "node/peer/JoinedChannels.h"
#include "src/base/Clock.h"

namespace grpc {
class Service;
}

namespace chancery::node {

/// protos.Snapshot: administrators of the peer's organisation ask for snapshots (fact sheet B
/// §11.1). Without gRPC, for tests too. All must outlive it. Thread-safe.
class SnapshotDesk {
public:
    SnapshotDesk(const JoinedChannels& channels, const AccessControl& access,
                 const Clock& clock = Clock::system())
        : m_channels(channels), m_access(access), m_clock(clock) {}

    /// SignedSnapshotRequest bytes. UNKNOWN with Fabric's texts.
    Status generate(BytesView signedRequest) const;
    Status cancel(BytesView signedRequest) const;
    /// QueryPendingSnapshotsResponse bytes.
    Result<Bytes> queryPendings(BytesView signedRequest) const;

private:
    struct Request;
    Result<Request> open(BytesView signedRequest, std::string_view resource) const;

    const JoinedChannels& m_channels;
    const AccessControl& m_access;
    const Clock& m_clock;
};

/// `desk` must outlive the server; its work is done on `pool`.
std::unique_ptr<grpc::Service> makeSnapshotService(const SnapshotDesk& desk, TaskPool& pool);

}  // namespace chancery::node
