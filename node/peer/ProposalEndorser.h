#pragma once

#include <atomic>
#include <memory>

#include "node/chaincode/ContractExecutor.h"
#include "node/peer/AccessControl.h"
#include "node/peer/PeerChannel.h"
#include "node/peer/PeerMetrics.h"
#include "node/peer/PrivateDissemination.h"
#include "node/peer/SignatureMemory.h"
#include "node/role/FlowEvents.h"
#include "src/base/Clock.h"
#include "src/base/TaskPool.h"
#include "src/identity/SigningIdentity.h"

namespace chancery::node {

/// Checks proposals, has them executed and signs what comes out: all of fact sheet B §1 in its
/// order, with its texts. Thread-safe; must outlive the calls that run.
class ProposalEndorser final : public Endorser {
public:
    struct Parts {
        const PeerChannels* channels = nullptr;
        ContractExecutor* executor = nullptr;
        identity::SigningIdentityPtr signer;
        const AccessControl* access = nullptr;  ///< has the peer's own MSP
        PrivateDissemination* dissemination = nullptr;
        TaskPool* pool = nullptr;               ///< for what reads or writes the disk
        SignatureMemory* signatures = nullptr;  ///< may be null
        FlowEvents* flow = nullptr;             ///< may be null
        PeerMetrics* metrics = nullptr;         ///< may be null
        const Clock* clock = &Clock::system();
        /// How far a proposal's timestamp may be off, to either side.
        absl::Duration window = absl::Minutes(15);
        std::size_t concurrency = 2500;  ///< calls at the same time; 0: no limit
    };

    explicit ProposalEndorser(Parts parts);
    ~ProposalEndorser() override;

    /// The proposal is checked on the calling thread.
    void process(Bytes signedProposal, Deadline deadline,
                 std::function<void(Result<Bytes>)> done) override;
    void evaluate(Bytes signedProposal, Deadline deadline,
                  std::function<void(Result<Bytes>)> done) override;

    /// Calls that run.
    std::size_t running() const { return m_running; }

private:
    struct Call;
    using CallPtr = std::shared_ptr<Call>;

    void run(Bytes signedProposal, const CallPtr& call);
    void refuseUnpacked(const CallPtr& call, const Status& why, BytesView bytes);
    Status admit(Call& call);
    Status checkDoor(const Call& call, const identity::Identity& creator) const;
    Status checkCreator(Call& call);
    Status checkLedger(const Call& call);
    void executed(const CallPtr& call, Result<ExecutionResult> result);
    void holdPrivateData(const CallPtr& call);
    void respond(const CallPtr& call);
    Result<Bytes> endorse(Call& call);
    void refuse(const CallPtr& call, std::int32_t status, std::string_view message);
    void finish(const CallPtr& call, Result<Bytes> response, bool success);
    void tellFlow(const Call& call, FlowStage stage, std::chrono::system_clock::time_point start,
                  std::string outcome) const;

    const Parts m_parts;
    std::atomic<std::size_t> m_running = 0;
};

}  // namespace chancery::node
