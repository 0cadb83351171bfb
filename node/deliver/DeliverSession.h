#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "node/deliver/BlockFeed.h"
#include "node/deliver/Rendering.h"
#include "node/deliver/SeekRequest.h"
#include "src/base/Clock.h"
#include "src/protocol/SharedBytes.h"

namespace chancery::node {

class DeliverMetrics;

/// What all streams of a node have in common.
struct DeliverRules {
    BlockFeeds feeds;
    absl::Duration window = absl::Minutes(15);
    /// Whether requests must name the TLS certificate of their connection: where clients must
    /// show one.
    bool mutualTls = false;
    const Clock* clock = &Clock::system();
    std::shared_ptr<DeliverMetrics> metrics;  ///< may be null
};

/// One kind of stream: what it shows, and to whom.
struct DeliverKind {
    std::shared_ptr<RenderedBlocks> blocks;
    /// Path of the policy that a caller must satisfy now.
    std::function<std::string(const channel::Bundle&)> policy;
};

/// Of an orderer: /Channel/Readers, in maintenance mode /Channel/Orderer/Readers.
std::string ordererReaders(const channel::Bundle& bundle);
/// Of a peer: the policy of a resource ("event/Block").
std::function<std::string(const channel::Bundle&)> readersOf(std::string resource);

/// One Deliver stream without its transport: envelopes in, DeliverResponse messages out (fact sheet
/// A §6.3, B §7). All but `wake` happens on one thread at a time.
class DeliverSession {
public:
    enum class State {
        Idle,     ///< wants a request
        Sending,  ///< has, or waits for, something to send
        Ended     ///< nothing comes any more
    };

    /// `wake` is called, on any thread and perhaps without need, when next() is worth another try
    /// after it gave nothing while Sending. It must return quickly and not call the session.
    DeliverSession(std::shared_ptr<const DeliverRules> rules, DeliverKind kind,
                   Bytes tlsCertificateHash, std::function<void()> wake);
    ~DeliverSession();

    /// A request, when Idle.
    void seek(protocol::SharedBytes envelope);
    /// The next message to send, if there is one now.
    std::optional<protocol::SharedBytes> next();
    State state() const { return m_state; }
    /// Why the last request was refused; OK when it was not. For a log.
    const Status& refusal() const { return m_refusal; }

private:
    struct Waiting;

    Status begin(protocol::SharedBytes envelope, int& status);
    Status findRange(const SeekInfo& info, int& status);
    Status checkAccess();
    std::optional<protocol::SharedBytes> finish(int status, Status why);
    bool waitForBlock();

    std::shared_ptr<const DeliverRules> m_rules;
    DeliverKind m_kind;
    Bytes m_tlsCertificateHash;
    std::shared_ptr<Waiting> m_waiting;

    State m_state = State::Idle;
    Status m_refusal;
    std::optional<int> m_status;  ///< to be sent

    ChannelId m_channel;
    SeekRequest m_request;
    SeekInfo m_info;
    BlockFeedPtr m_feed;
    Subscription m_subscription;
    BlockNumber m_next = 0;
    BlockNumber m_stop = 0;
    std::optional<std::uint64_t> m_checkedSequence;
    absl::Time m_expires = absl::InfiniteFuture();
};

}  // namespace chancery::node
