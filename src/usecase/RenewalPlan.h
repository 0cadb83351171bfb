#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::usecase {

/// What of a node is renewed.
enum class NodeCertificate {
    Tls,       ///< tls/server.crt and server.key; its folder is "tls"
    Identity,  ///< signcerts and keystore of its MSP folder
};
/// Stable: "tls", "identity".
std::string_view nameOf(NodeCertificate what);

/// Who must be there while one consenter is changed or restarted.
struct RenewalQuorum {
    ChannelId channel;
    std::vector<std::string> others;  ///< names of nodes; "host:port" of those that are not known
    std::size_t needed = 0;           ///< of the others, so that blocks are cut
};

/// One node's way from its old certificate to a new one.
struct RenewalStep {
    enum class Kind {
        Enrol,          ///< the new certificate is made and lies beside the plan
        UpdateChannel,  ///< the channel's configuration names it
        Install,        ///< the node's folder holds it
        Restart,        ///< the node uses it
    };
    Kind kind = Kind::Enrol;
    std::string node;
    ChannelId channel = {};  ///< of UpdateChannel
    bool done = false;
    /// Of Restart: channels that stand still while this one node is away.
    std::vector<ChannelId> pauses = {};
    /// Of UpdateChannel and Restart: channels that go on as long as these are there.
    std::vector<RenewalQuorum> quorums = {};
};
/// Stable: "update_channel".
std::string_view nameOf(RenewalStep::Kind kind);

/// The whole way, one node after the other. It is kept in a file, so that whoever begins may be
/// interrupted at any step and somebody else goes on.
struct RenewalPlan {
    struct Node {
        std::string name;
        MspId mspId;
        bool isOrderer = false;
        std::filesystem::path folder;  ///< see NodeCertificate
        std::string oldPem;
        std::string newPem;    ///< empty until it was made
        std::string instance;  ///< of Identity: which process ran when it was installed
    };
    NodeCertificate what = NodeCertificate::Tls;
    std::vector<Node> nodes;
    std::vector<RenewalStep> steps;

    /// Null when everything is done.
    const RenewalStep* next() const;
    const Node* node(const std::string& name) const;
    Node* node(const std::string& name);
};

/// Asks for each of the other consenters whether it is there. FAILED_PRECONDITION
/// (QUORUM_AT_RISK) with `channel`, `present`, `needed` when too few of them are.
Status checkQuorum(const RenewalStep& step,
                   const std::function<bool(const std::string& node)>& isThere);

/// As plan.json holds it.
std::string toText(const RenewalPlan& plan);
/// INVALID_ARGUMENT (BAD_PLAN).
Result<RenewalPlan> readRenewalPlan(BytesView text);

}  // namespace chancery::usecase
