#include "node/peer/PeerDirectory.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "node/peer/DiscoveryMessages.h"
#include "node/peer/GatewayConnections.h"
#include "node/peer/LayoutsInterest.h"
#include "node/peer/OwnPeer.h"
#include "node/peer/PeerDirectoryParts.h"
#include "src/base/Encoding.h"
#include "src/base/Log.h"
#include "src/identity/Msp.h"
#include "src/policy/StandardPolicies.h"
#include "src/rpc/ByteCalls.h"

namespace chancery::node {

using namespace directory;

namespace {

constexpr const char* kRoom = "discovery";
constexpr const char* kDiscover = "/discovery.Discovery/Discover";
constexpr const char* kProcessProposal = "/protos.Endorser/ProcessProposal";
constexpr std::size_t kMaxPeersPerChannel = 4096;
constexpr int kFailuresUntilLost = 2;
constexpr std::chrono::milliseconds kSoon{50};
constexpr std::chrono::milliseconds kLeastGap{200};
constexpr std::chrono::milliseconds kRefreshPatience{1000};

}  // namespace

struct PeerDirectory::Impl : std::enable_shared_from_this<PeerDirectory::Impl> {
    Impl(const PeerChannels& channelsOfPeer, identity::SigningIdentityPtr who,
         GatewayConnections& to, PeerDirectoryOptions chosen, const Clock& time)
        : channels(channelsOfPeer),
          signer(std::move(who)),
          connections(to),
          options(std::move(chosen)),
          clock(time),
          own(signer, options, generation) {
        if (const auto& tls = connections.own())
            if (auto hash = rpc::bindingHashOf(*tls); hash.ok()) tlsCertHash = *std::move(hash);
    }

    void add(const ChannelId& channel, ChannelPeerPtr peer) {
        const std::lock_guard lock(mutex);
        Members& all = channelMembers[channel];
        auto& members = all.byPkiId;
        const auto known = members.find(peer->pkiId);
        if (known != members.end()) {
            const ChannelPeer& old = *known->second;
            if (old.contracts == peer->contracts && old.endpoint == peer->endpoint &&
                old.identity == peer->identity && old.stateInfo.payload.empty() &&
                peer->stateInfo.payload.empty()) {
                old.height.store(peer->height.load());
                return;
            }
            if (old.contracts != peer->contracts || old.endpoint != peer->endpoint) ++generation;
            known->second = std::move(peer);
            all.bundle.reset();
            return;
        }
        if (members.size() >= kMaxPeersPerChannel) return;
        ++generation;
        members.emplace(peer->pkiId, std::move(peer));
        all.bundle.reset();
    }

    /// The other members, sorted.
    template <class Use>
    void eachOther(PeerChannel& channel, Use&& use) {
        const auto bundle = channel.bundle();
        const std::lock_guard lock(mutex);
        const auto found = channelMembers.find(channel.channelId());
        if (found == channelMembers.end()) return;
        Members& members = found->second;
        if (members.bundle != bundle) {
            members.valid.clear();
            for (const auto& [pkiId, peer] : members.byPkiId)
                if (isMember(*peer, *bundle)) members.valid.push_back(peer);
            std::sort(members.valid.begin(), members.valid.end(), comesBefore);
            members.bundle = bundle;
        }
        for (const auto& peer : members.valid) use(peer);
    }

    void drop(const std::string& endpoint) {
        const std::lock_guard lock(mutex);
        for (auto& [channel, members] : channelMembers)
            if (std::erase_if(members.byPkiId, [&](const auto& entry) {
                    return entry.second->endpoint == endpoint;
                })) {
                members.bundle.reset();
                ++generation;
            }
    }

    // What the configurations and reports name, to be called without the lock.
    std::map<std::string, MspId> namedPeers(std::map<MspId, std::vector<ChannelId>>& ofMsp) {
        std::map<std::string, MspId> named;
        for (const ChannelId& id : channels.ids()) {
            const PeerChannelPtr channel = channels.find(id);
            const auto bundle = channel ? channel->bundle() : nullptr;
            if (!bundle) continue;
            for (const auto& [msp, group] : bundle->applicationOrgs()) ofMsp[msp].push_back(id);
            for (const auto& known : options.peers)
                if (bundle->applicationOrgs().contains(known.mspId))
                    named.emplace(known.endpoint, known.mspId);
            for (const auto& [name, org] : bundle->applicationOrganisations())
                for (const auto& anchor : org.anchorPeers)
                    named.emplace(fmt::format("{}:{}", anchor.host, anchor.port), org.mspId);
        }
        const std::lock_guard lock(mutex);
        for (const auto& [channel, members] : channelMembers)
            for (const auto& [pkiId, peer] : members.byPkiId)
                named.emplace(peer->endpoint, peer->mspId);
        named.erase(options.selfEndpoint);
        return named;
    }

    std::string rootsOf(const MspId& msp) const {
        for (const ChannelId& id : channels.ids()) {
            const PeerChannelPtr channel = channels.find(id);
            const auto bundle = channel ? channel->bundle() : nullptr;
            if (!bundle) continue;
            if (const auto found = bundle->msps()->find(msp)) return tlsRootsOf(*found);
        }
        return {};
    }

    /// Asks who is due; gives the time of the next round.
    SteadyClock::time_point round() {
        std::map<MspId, std::vector<ChannelId>> ofMsp;
        const auto named = namedPeers(ofMsp);
        const auto now = SteadyClock::now();
        auto next = now + std::chrono::seconds(1);  // channels may be joined meanwhile
        std::vector<std::pair<std::string, MspId>> due;
        {
            const std::lock_guard lock(mutex);
            std::erase_if(targets, [&](const auto& entry) {
                return !named.contains(entry.first) && !entry.second.isAsked;
            });
            for (const auto& [endpoint, msp] : named) {
                auto [target, isNew] = targets.try_emplace(endpoint);
                target->second.mspId = msp;
                if (isNew) target->second.due = now;
                if (target->second.isAsked) continue;
                if (target->second.due <= now) {
                    target->second.isAsked = true;
                    target->second.asked = now;
                    due.emplace_back(endpoint, msp);
                } else {
                    next = std::min(next, target->second.due);
                }
            }
        }
        for (const auto& [endpoint, msp] : due) ask(endpoint, msp, ofMsp[msp]);
        return next;
    }

    void ask(const std::string& endpoint, const MspId& msp, std::vector<ChannelId> asked) {
        auto request = encodePeerQuery(*signer, tlsCertHash, asked);
        auto channel = request.ok() ? connections.to(endpoint, rootsOf(msp))
                                    : Result<std::shared_ptr<grpc::Channel>>(request.status());
        if (!channel.ok()) {
            answered(endpoint, channel.status());
            return;
        }
        // stop() waits for these, so the references above are good.
        auto call = rpc::UnaryByteCall::start(
            *channel, kDiscover, *request, deadlineIn(options.callTimeout),
            [self = shared_from_this(), connection = *channel, endpoint, msp,
             asked](Result<Bytes> response) {
                const auto round = std::make_shared<Round>();
                round->status = response.ok() ? self->read(endpoint, msp, asked, *response, *round)
                                              : response.status();
                self->askHeights(connection, endpoint, msp, round);
            });
        keepForStop(endpoint, call);
    }

    /// What is still to be asked of a peer.
    struct Round {
        Status status;
        std::vector<ChannelId> refused;  ///< channels of which Discovery did not tell
        std::size_t at = 0;
    };

    // Discovery is for writers, which peers are not where policies are strict; but readers may ask
    // for the height, and the answer is endorsed. What the peer can run is then guessed: all.
    void askHeights(const std::shared_ptr<grpc::Channel>& connection, const std::string& endpoint,
                    const MspId& msp, const std::shared_ptr<Round>& round) {
        if (!round->status.ok() || round->at == round->refused.size()) {
            answered(endpoint, round->status);
            return;
        }
        const ChannelId id = round->refused[round->at++];
        const auto request = encodeHeightQuery(*signer, tlsCertHash, id, clock.now());
        if (!request.ok()) {
            answered(endpoint, request.status());
            return;
        }
        const auto call = rpc::UnaryByteCall::start(
            connection, kProcessProposal, *request, deadlineIn(options.callTimeout),
            [self = shared_from_this(), connection, endpoint, msp, round,
             id](Result<Bytes> answer) {
                if (answer.ok()) self->readHeightOf(endpoint, msp, id, *answer);
                self->askHeights(connection, endpoint, msp, round);
            });
        keepForStop(endpoint, call);
    }

    void keepForStop(const std::string& endpoint, const std::shared_ptr<rpc::UnaryByteCall>& call) {
        const std::lock_guard lock(mutex);
        if (const auto found = targets.find(endpoint); found != targets.end())
            found->second.call = call;
        if (stopping) call->cancel();
    }

    void readHeightOf(const std::string& endpoint, const MspId& msp, const ChannelId& id,
                      BytesView answer) {
        const PeerChannelPtr channel = channels.find(id);
        auto height = readHeight(answer);
        if (!channel || !height.ok()) return;
        const auto identity = channel->bundle()->msps()->deserialize(height->endorser);
        if (!identity.ok() || (*identity)->mspId() != msp ||
            !(*identity)->verify(height->signedMessage, height->signature).ok())
            return;
        auto peer = std::make_shared<ChannelPeer>();
        peer->endpoint = endpoint;
        peer->identity = height->endorser;
        peer->height.store(height->height);
        peer->contracts.emplace(protocol::kLifecycleNamespace, "1");
        if (const auto names = channel->contracts(); names.ok())
            for (const std::string& name : *names)
                if (const auto sequence = sequenceOf(*channel, name); sequence.ok() && *sequence)
                    peer->contracts.emplace(name, std::to_string(**sequence));
        if (const Status status = report(*channel, std::move(peer)); !status.ok())
            log::debug(kRoom, fmt::format("{} in {}: {}", endpoint, id.str(), messageOf(status)));
    }

    Status read(const std::string& endpoint, const MspId& msp, const std::vector<ChannelId>& asked,
                BytesView response, Round& round) {
        ASSIGN_OR_RETURN(auto results, readPeerResults(response));
        for (std::size_t i = 0; i < std::min(asked.size(), results.size()); ++i) {
            const PeerChannelPtr channel = channels.find(asked[i]);
            if (!channel) continue;
            if (results[i].ok())
                readMembers(endpoint, msp, *channel, *results[i]);
            else
                round.refused.push_back(asked[i]);
        }
        return {};
    }

    // Whoever we asked vouches for itself by the TLS connection; others by their signatures.
    void readMembers(const std::string& endpoint, const MspId& msp, PeerChannel& channel,
                     std::vector<ReportedPeer>& members) {
        const auto bundle = channel.bundle();
        const auto isUnsigned = [&](const ReportedPeer& member) {
            return member.peer->mspId == msp && member.peer->alive.signature.empty();
        };
        const bool oneUnsigned = std::count_if(members.begin(), members.end(), isUnsigned) == 1;
        const Bytes own = pkiIdOf(signer->serialized());
        for (ReportedPeer& member : members) {
            ChannelPeer& peer = *member.peer;
            if (!member.hasStateInfo || peer.pkiId == own) continue;
            const bool isAsked = peer.mspId == msp &&
                                 (peer.endpoint == endpoint || (oneUnsigned && isUnsigned(member)));
            if (isAsked) {
                peer.endpoint = endpoint;
                // Its height moves on: what it signed would be old soon.
                peer.alive = peer.stateInfo = {};
            } else {
                const auto identity = bundle->msps()->deserialize(peer.identity);
                if (!identity.ok() || !isSignedBy(**identity, peer.alive) ||
                    !isSignedBy(**identity, peer.stateInfo))
                    continue;
            }
            if (const Status status = report(channel, member.peer); !status.ok())
                log::debug(kRoom, fmt::format("{} in {}: {}", peer.endpoint,
                                              channel.channelId().str(), messageOf(status)));
        }
    }

    Status report(PeerChannel& channel, std::shared_ptr<ChannelPeer> peer) {
        if (peer->endpoint.empty() || peer->endpoint.size() > 512 || peer->identity.empty())
            return makeError(StatusCode::kInvalidArgument, "BAD_PEER",
                             "a peer needs an endpoint and an identity");
        const auto bundle = channel.bundle();
        ASSIGN_OR_RETURN(const auto identity, bundle->msps()->deserialize(peer->identity));
        RETURN_IF_ERROR(bundle->msps()->validate(*identity));
        RETURN_IF_ERROR(identity::checkAtDoor(*identity, clock));
        if (!bundle->applicationOrgs().contains(identity->mspId()))
            return makeError(StatusCode::kInvalidArgument, "BAD_PEER",
                             "its organisation is not in the channel");
        peer->mspId = identity->mspId();
        peer->pkiId = pkiIdOf(peer->identity);
        peer->isSelf = false;
        add(channel.channelId(), std::move(peer));
        return {};
    }

    void answered(const std::string& endpoint, const Status& status) {
        // Dialled anew next time, not after gRPC's own pause. Before the end is told, for stop()
        // waits only until then.
        if (status.code() == StatusCode::kUnavailable ||
            status.code() == StatusCode::kDeadlineExceeded)
            connections.forget(endpoint);
        bool isLost = false;
        {
            const std::lock_guard lock(mutex);
            const auto found = targets.find(endpoint);
            if (found == targets.end()) return;
            Target& target = found->second;
            target.isAsked = false;
            target.call.reset();
            isWoken = isWoken || !waiters.empty();
            wake.notify_all();
            if (status.ok()) {
                target.failures = 0;
                target.pause = options.refresh;
            } else {
                isLost = ++target.failures == kFailuresUntilLost;
                target.pause = target.failures == 1 ? options.firstRetry
                                                    : std::min(2 * target.pause, options.lastRetry);
            }
            target.due = std::min(SteadyClock::now() + target.pause,
                                  std::exchange(target.again, SteadyClock::time_point::max()));
            // Who began to wait meanwhile wants a newer answer.
            for (const Waiter& waiter : waiters)
                if (status.ok() && waiter.awaited.contains(endpoint) && target.asked < waiter.since)
                    hasten(target, target.asked + kLeastGap);
        }
        if (status.ok()) return;
        log::debug(kRoom,
                   fmt::format("{} did not tell who it knows: {}", endpoint, messageOf(status)));
        if (isLost) drop(endpoint);
    }

    /// Makes the next question to somebody due at this time, or sooner if it is already.
    static void hasten(Target& target, SteadyClock::time_point when) {
        auto& due = target.isAsked ? target.again : target.due;
        due = std::min(due, when);
    }

    /// The organisation of a peer of the channel that is not known yet; nothing for anybody else.
    std::optional<MspId> mspOfNewcomer(PeerChannel& channel, BytesView caller) {
        const Bytes pkiId = pkiIdOf(caller);
        {
            const std::lock_guard lock(mutex);
            const auto known = channelMembers.find(channel.channelId());
            if (known != channelMembers.end() && known->second.byPkiId.contains(pkiId)) return {};
        }
        const auto bundle = channel.bundle();
        const auto identity = bundle->msps()->deserialize(caller);
        if (!identity.ok() || caller == signer->serialized()) return {};
        const MspId& msp = (*identity)->mspId();
        const auto peerOf = policy::policyOfRole(1, policy::Role::Peer, {msp});
        if (!bundle->applicationOrgs().contains(msp) ||
            !bundle->msps()->isPrincipal(**identity, peerOf.identities(0)))
            return {};
        return msp;
    }

    /// Takes out those that need not wait any more. With the lock.
    std::vector<Waiter> satisfied() {
        const auto now = SteadyClock::now();
        std::vector<Waiter> ready;
        std::erase_if(waiters, [&](Waiter& waiter) {
            std::erase_if(waiter.awaited, [&](const std::string& endpoint) {
                const auto target = targets.find(endpoint);
                return target == targets.end() ||
                       (target->second.asked >= waiter.since && !target->second.isAsked);
            });
            const bool isReady =
                stopping || waiter.awaited.empty() || now - waiter.since >= kRefreshPatience;
            if (isReady) ready.push_back(std::move(waiter));
            return isReady;
        });
        return ready;
    }

    void run() {
        std::unique_lock lock(mutex);
        while (!stopping) {
            isWoken = false;
            lock.unlock();
            auto next = round();
            lock.lock();
            const auto ready = satisfied();
            if (!waiters.empty()) next = std::min(next, waiters.front().since + kRefreshPatience);
            if (!ready.empty()) {
                lock.unlock();
                for (const Waiter& waiter : ready) waiter.done();
                lock.lock();
                continue;
            }
            wake.wait_until(lock, next, [this] { return stopping || isWoken; });
        }
        const auto left = satisfied();
        lock.unlock();
        for (const Waiter& waiter : left) waiter.done();
    }

    const PeerChannels& channels;
    const identity::SigningIdentityPtr signer;
    GatewayConnections& connections;
    const PeerDirectoryOptions options;
    const Clock& clock;
    Bytes tlsCertHash;

    std::atomic<std::uint64_t> generation{1};
    OwnPeer own;  // thread-safe by itself
    std::mutex mutex;
    std::condition_variable wake;
    std::vector<Waiter> waiters;  ///< the oldest first
    std::map<ChannelId, Members> channelMembers;
    std::map<std::string, Target> targets;  ///< by endpoint
    bool stopping = false;
    bool isWoken = false;
    std::thread thread;
};

PeerDirectory::PeerDirectory(const PeerChannels& channels, identity::SigningIdentityPtr self,
                             GatewayConnections& connections, PeerDirectoryOptions options,
                             const Clock& clock)
    : m_impl(std::make_shared<Impl>(channels, std::move(self), connections, std::move(options),
                                    clock)) {}

PeerDirectory::~PeerDirectory() {
    stop();
}

void PeerDirectory::start() {
    const std::lock_guard lock(m_impl->mutex);
    if (m_impl->thread.joinable() || m_impl->stopping) return;
    m_impl->thread = std::thread([impl = m_impl.get()] {
        pthread_setname_np(pthread_self(), "peers");
        impl->run();
    });
}

void PeerDirectory::stop() {
    {
        const std::lock_guard lock(m_impl->mutex);
        m_impl->stopping = true;
    }
    m_impl->wake.notify_all();
    if (m_impl->thread.joinable()) m_impl->thread.join();
    std::unique_lock lock(m_impl->mutex);
    for (auto& [endpoint, target] : m_impl->targets)
        if (const auto call = target.call.lock()) call->cancel();
    m_impl->wake.wait(lock, [this] {
        return std::none_of(m_impl->targets.begin(), m_impl->targets.end(),
                            [](const auto& target) { return target.second.isAsked; });
    });
}

ChannelPeerPtr PeerDirectory::self(PeerChannel& channel) const {
    return m_impl->own.in(channel);
}

const MspId& PeerDirectory::selfMsp() const {
    return m_impl->signer->mspId();
}

std::vector<ChannelPeerPtr> PeerDirectory::peers(PeerChannel& channel) const {
    std::vector<ChannelPeerPtr> result{self(channel)};
    m_impl->eachOther(channel, [&](const ChannelPeerPtr& peer) { result.push_back(peer); });
    return result;
}

std::vector<ChannelPeerPtr> PeerDirectory::peersWith(PeerChannel& channel,
                                                     std::string_view contract) const {
    std::vector<ChannelPeerPtr> result;
    const auto add = [&](const ChannelPeerPtr& peer) {
        if (peer->contracts.contains(contract)) result.push_back(peer);
    };
    add(m_impl->own.thatRuns(channel, contract));
    m_impl->eachOther(channel, add);
    return result;
}

std::vector<ChannelPeerPtr> PeerDirectory::localPeers() const {
    std::map<Bytes, ChannelPeerPtr> byPkiId;
    {
        const std::lock_guard lock(m_impl->mutex);
        for (const auto& [channel, members] : m_impl->channelMembers)
            byPkiId.insert(members.byPkiId.begin(), members.byPkiId.end());
    }
    std::vector<ChannelPeerPtr> result;
    for (auto& [pkiId, peer] : byPkiId) result.push_back(std::move(peer));
    std::sort(result.begin(), result.end(), comesBefore);
    result.insert(result.begin(), m_impl->own.make());
    return result;
}

std::uint64_t PeerDirectory::generation() const {
    return m_impl->generation.load();
}

Status PeerDirectory::report(PeerChannel& channel, std::shared_ptr<ChannelPeer> peer) {
    return m_impl->report(channel, std::move(peer));
}

void PeerDirectory::lost(const ChannelId& channel, BytesView pkiId) {
    {
        const std::lock_guard lock(m_impl->mutex);
        const auto found = m_impl->channelMembers.find(channel);
        if (found == m_impl->channelMembers.end()) return;
        const auto peer = found->second.byPkiId.find(Bytes(pkiId));
        if (peer == found->second.byPkiId.end()) return;
        const auto target = m_impl->targets.find(peer->second->endpoint);
        if (target != m_impl->targets.end()) target->second.due = SteadyClock::now();
        found->second.byPkiId.erase(peer);
        found->second.bundle.reset();
        ++m_impl->generation;
        m_impl->isWoken = true;
    }
    m_impl->wake.notify_all();
}

void PeerDirectory::heard(PeerChannel& channel, BytesView caller) {
    const auto msp = m_impl->mspOfNewcomer(channel, caller);
    if (!msp) return;
    {
        const std::lock_guard lock(m_impl->mutex);
        for (auto& [endpoint, target] : m_impl->targets)
            if (target.mspId == *msp) m_impl->hasten(target, target.asked + kLeastGap);
        m_impl->isWoken = true;
    }
    m_impl->wake.notify_all();
}

void PeerDirectory::refreshThen(const ChannelId& channel, std::function<void()> done) {
    m_impl->own.forget(channel);
    bool isAsking = false;
    {
        const std::lock_guard lock(m_impl->mutex);
        isAsking = !m_impl->stopping && m_impl->thread.joinable();
        if (isAsking) {
            Waiter waiter{{}, SteadyClock::now(), std::move(done)};
            for (auto& [endpoint, target] : m_impl->targets) {
                if (target.failures != 0) {
                    m_impl->hasten(target, std::max(waiter.since + kSoon,
                                                    target.asked + m_impl->options.firstRetry));
                    continue;
                }
                m_impl->hasten(target, std::max(waiter.since, target.asked + kLeastGap));
                waiter.awaited.insert(endpoint);
            }
            m_impl->waiters.push_back(std::move(waiter));
            m_impl->isWoken = true;
        }
    }
    m_impl->wake.notify_all();
    if (!isAsking) done();
}

bool PeerDirectory::isSomeoneBehind(PeerChannel& channel) const {
    const BlockNumber height = static_cast<BlockFeed&>(channel).height();
    bool isBehind = false;
    m_impl->eachOther(channel, [&](const ChannelPeerPtr& peer) {
        isBehind = isBehind || peer->height.load() < height;
    });
    return isBehind;
}

void PeerDirectory::refreshSoon(const ChannelId& channel) {
    m_impl->own.forget(channel);
    {
        const std::lock_guard lock(m_impl->mutex);
        // Also those that did not answer, but nobody more often than a failure would have it.
        const auto soon = SteadyClock::now() + kSoon;
        for (auto& [endpoint, target] : m_impl->targets)
            m_impl->hasten(target, std::max(soon, target.asked + m_impl->options.firstRetry));
        m_impl->isWoken = true;
    }
    m_impl->wake.notify_all();
}

}  // namespace chancery::node
