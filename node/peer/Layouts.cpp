#include "node/peer/Layouts.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>

#include "fabric/peer/proposal_response.pb.h"
#include "node/peer/LayoutsInterest.h"
#include "node/peer/LayoutsPrincipals.h"
#include "src/base/LruCache.h"
#include "src/identity/Msp.h"
#include "src/wire/Parse.h"

namespace chancery::node {
namespace {

constexpr std::size_t kMaxCached = 512;
constexpr std::size_t kMaxCachedInterest = 16 << 10;  // bytes; larger ones are computed each time

Status refuse(const std::string& sentence) {
    return {StatusCode::kFailedPrecondition, sentence};
}

/// A peer with its identity in the channel's MSPs.
struct Candidate {
    ChannelPeerPtr peer;
    identity::IdentityPtr identity;
    bool hasContracts = false;
};

std::vector<Candidate> candidatesIn(const std::vector<ChannelPeerPtr>& peers,
                                    const identity::MspSet& msps) {
    std::vector<Candidate> result;
    for (const auto& peer : peers) {
        auto identity = msps.deserialize(peer->identity);
        if (identity.ok()) result.push_back({peer, *std::move(identity), false});
    }
    return result;
}

bool isAnyOf(const Candidate& candidate, const ::common::SignaturePolicyEnvelope& policy,
             const identity::MspSet& msps) {
    return std::any_of(
        policy.identities().begin(), policy.identities().end(),
        [&](const auto& principal) { return msps.isPrincipal(*candidate.identity, principal); });
}

/// Drops who may not see the collections, and marks who can run the contracts.
void judge(std::vector<Candidate>& candidates, const ::protos::ChaincodeInterest& interest,
           const std::vector<ContractFacts>& contracts, const identity::MspSet& msps) {
    std::erase_if(candidates, [&](const Candidate& candidate) {
        for (int i = 0; i < interest.chaincodes_size(); ++i) {
            const auto& call = interest.chaincodes(i);
            if (call.no_private_reads()) continue;
            for (const auto& [name, policy] : contracts[static_cast<std::size_t>(i)].members)
                if (!isAnyOf(candidate, policy, msps)) return true;
        }
        return false;
    });
    for (Candidate& candidate : candidates)
        candidate.hasContracts =
            std::all_of(contracts.begin(), contracts.end(), [&](const ContractFacts& contract) {
                const auto found = candidate.peer->contracts.find(contract.name);
                return found != candidate.peer->contracts.end() &&
                       found->second == std::to_string(contract.sequence);
            });
}

std::vector<EndorsementLayouts::Need> needsOf(const PrincipalSet& set) {
    std::vector<EndorsementLayouts::Need> needs;
    for (const std::size_t principal : set) {
        if (!needs.empty() && needs.back().group == principal)
            ++needs.back().quantity;
        else
            needs.push_back({principal, 1});
    }
    return needs;
}

/// Numbers only the groups that a layout uses, in the order of their first use.
void renumber(EndorsementLayouts& result, std::vector<std::vector<ChannelPeerPtr>> groups) {
    std::vector<std::optional<std::size_t>> numbers(groups.size());
    for (auto& layout : result.layouts)
        for (auto& need : layout) {
            auto& number = numbers[need.group];
            if (!number) {
                number = result.groups.size();
                result.groups.push_back(std::move(groups[need.group]));
            }
            need.group = *number;
        }
}

Result<EndorsementLayouts> compute(PeerChannel& channel, const std::vector<ChannelPeerPtr>& peers,
                                   const ::protos::ChaincodeInterest& interest) {
    const auto bundle = channel.bundle();
    const identity::MspSet& msps = *bundle->msps();
    ASSIGN_OR_RETURN(const auto contracts, factsOf(channel, interest));
    std::vector<Candidate> candidates = candidatesIn(peers, msps);
    judge(candidates, interest, contracts, msps);
    PrincipalTable table;
    ASSIGN_OR_RETURN(const auto sets, setsFor(interest, contracts, table));

    std::vector<std::size_t> members(table.size());
    std::vector<std::vector<ChannelPeerPtr>> endorsers(table.size());
    for (std::size_t i = 0; i < table.size(); ++i)
        for (const Candidate& candidate : candidates) {
            if (!msps.isPrincipal(*candidate.identity, table.at(i))) continue;
            ++members[i];
            if (candidate.hasContracts) endorsers[i].push_back(candidate.peer);
        }

    EndorsementLayouts result;
    result.chaincode = interest.chaincodes(0).name();
    bool couldBe = false;
    for (const PrincipalSet& set : sets) {
        auto needs = needsOf(set);
        const auto enough = [&needs](const auto& sizeOf) {
            return std::all_of(needs.begin(), needs.end(), [&](const auto& need) {
                return sizeOf(need.group) >= need.quantity;
            });
        };
        couldBe = couldBe || enough([&](std::size_t i) { return members[i]; });
        if (enough([&](std::size_t i) { return endorsers[i].size(); }))
            result.layouts.push_back(std::move(needs));
    }
    if (result.layouts.empty())
        return refuse(couldBe ? "required chaincodes are not installed on sufficient peers"
                              : "no peer combination can satisfy the endorsement policy");
    renumber(result, std::move(endorsers));
    return result;
}

}  // namespace

struct Layouts::Impl {
    /// A result with what it was made of.
    struct Entry {
        channel::BundlePtr bundle;
        std::uint64_t generation = 0;
        std::vector<std::pair<std::string, std::uint64_t>> sequences;
        std::atomic<BlockNumber> checkedAt{0};  ///< height at which the sequences were the same
        EndorsementLayoutsPtr layouts;
    };
    using EntryPtr = std::shared_ptr<Entry>;

    explicit Impl(const PeerDirectory& directoryOfPeers) : directory(directoryOfPeers) {}

    bool isCurrent(PeerChannel& channel, Entry& entry, BlockNumber height) const {
        if (entry.bundle != channel.bundle() || entry.generation != directory.generation())
            return false;
        // Definitions change with blocks only.
        if (entry.checkedAt.load() == height) return true;
        for (const auto& [name, sequence] : entry.sequences) {
            const auto now = sequenceOf(channel, name);
            if (!now.ok() || *now != std::optional(sequence)) return false;
        }
        entry.checkedAt.store(height);
        return true;
    }

    const PeerDirectory& directory;
    LruCache<EntryPtr> cache{kMaxCached};
};

Layouts::Layouts(const PeerDirectory& directory) : m_impl(std::make_unique<Impl>(directory)) {}
Layouts::~Layouts() = default;

Result<EndorsementLayoutsPtr> Layouts::find(PeerChannel& channel, BytesView interest) {
    const BlockNumber height = static_cast<ExecutionChannel&>(channel).height();
    const bool cacheable = interest.size() <= kMaxCachedInterest;
    std::string key = channel.channelId().str();
    if (cacheable) {
        key.append(1, '\0').append(interest);
        if (const auto found = m_impl->cache.find(key);
            found && m_impl->isCurrent(channel, **found, height))
            return (*found)->layouts;
    }
    ASSIGN_OR_RETURN(const auto parsed,
                     wire::parse<::protos::ChaincodeInterest>(interest, "interest"));
    if (parsed.chaincodes().empty())
        return refuse("chaincode interest must contain at least one chaincode");
    auto entry = std::make_shared<Impl::Entry>();
    entry->bundle = channel.bundle();
    // What this peer can run may have changed since somebody asked last.
    (void)m_impl->directory.self(channel);
    entry->generation = m_impl->directory.generation();
    entry->checkedAt.store(height);
    for (const auto& call : parsed.chaincodes()) {
        ASSIGN_OR_RETURN(const auto sequence, sequenceOf(channel, call.name()));
        entry->sequences.emplace_back(call.name(), sequence.value_or(0));
    }
    ASSIGN_OR_RETURN(auto layouts, compute(channel, m_impl->directory.peers(channel), parsed));
    entry->layouts = std::make_shared<const EndorsementLayouts>(std::move(layouts));
    if (cacheable) m_impl->cache.insert(std::move(key), entry);
    return entry->layouts;
}

Result<std::vector<ChannelPeerPtr>> Layouts::peersFor(PeerChannel& channel,
                                                      const ::protos::ChaincodeInterest& interest) {
    const auto peers = m_impl->directory.peers(channel);
    if (interest.chaincodes().empty()) return peers;
    ASSIGN_OR_RETURN(const auto contracts, factsOf(channel, interest));
    const auto bundle = channel.bundle();
    std::vector<Candidate> candidates = candidatesIn(peers, *bundle->msps());
    judge(candidates, interest, contracts, *bundle->msps());
    std::vector<ChannelPeerPtr> result;
    for (Candidate& candidate : candidates)
        if (candidate.hasContracts) result.push_back(std::move(candidate.peer));
    return result;
}

}  // namespace chancery::node
