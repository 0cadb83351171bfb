#include <fmt/format.h>

#include <algorithm>

#include "fabric/peer/proposal_response.pb.h"
#include "node/peer/GatewayCalls.h"
#include "node/peer/GatewayErrors.h"
#include "src/base/Log.h"
#include "src/protocol/FieldWriter.h"
#include "src/protocol/TransactionBuilder.h"
#include "src/rpc/ByteCalls.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

constexpr const char* kNoCombination =
    "no combination of peers can be derived which satisfy the endorsement policy: ";

std::string joined(const std::vector<std::string>& names, std::string_view separator) {
    return fmt::format("{}", fmt::join(names, separator));
}

/// Collects endorsements: of named organisations, or first of one peer, whose answer says what the
/// transaction touches, and then of those that the policies of these parts ask for.
class EndorseCall final : public GatewayCall, public std::enable_shared_from_this<EndorseCall> {
public:
    EndorseCall(const GatewayParts& parts, ProposalCall request, ProposalTarget target,
                PeerChannelPtr channel, Deadline deadline, std::stop_token stop,
                Gateway::Reply reply)
        : GatewayCall(std::move(reply), std::move(stop)),
          m_parts(parts),
          m_request(std::move(request)),
          m_target(target),
          m_channel(std::move(channel)),
          m_deadline(deadline) {}

    void start() {
        watch([weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->stopped();
        });
        if (m_request.organisations.empty())
            startWithFirst();
        else
            startWithOrganisations();
    }

private:
    // ---- named organisations
    void startWithOrganisations() {
        const auto peers = m_channel ? peersWith(m_parts, *m_channel, m_target.chaincode)
                                     : std::vector<ChannelPeerPtr>();
        std::vector<std::vector<ChannelPeerPtr>> groups;
        std::vector<std::string> missing;
        std::set<std::string> seen;
        for (const std::string& organisation : m_request.organisations) {
            if (!seen.insert(organisation).second) continue;
            std::vector<ChannelPeerPtr> group;
            for (const auto& peer : peers)
                if (peer->mspId.str() == organisation) group.push_back(peer);
            if (group.empty())
                missing.push_back(organisation);
            else
                groups.push_back(std::move(group));
        }
        if (!missing.empty()) {
            if (againLater(&EndorseCall::startWithOrganisations)) return;
            finish(gatewayError(
                StatusCode::kUnavailable,
                "failed to find any endorsing peers for org(s): " + joined(missing, ", ")));
            return;
        }
        m_plan = GatewayPlan::oneOfEach(std::move(groups));
        askNext();
    }

    // ---- one peer first
    void startWithFirst() {
        if (!m_channel) {
            fail(fmt::format("{}No metadata was found for chaincode {} in channel {}",
                             kNoCombination, m_target.chaincode, m_target.channel));
            return;
        }
        auto peers = peersWith(m_parts, *m_channel, m_target.chaincode);
        std::erase_if(peers,
                      [&](const auto& peer) { return peer->mspId != m_parts.directory.selfMsp(); });
        if (!peers.empty()) {
            m_plan = GatewayPlan::oneOfEach({std::move(peers)});
        } else if (m_target.hasTransient) {
            if (againLater(&EndorseCall::startWithFirst)) return;
            fail(
                "no endorsers found in the gateway's organization; retry specifying endorsing "
                "organization(s) to protect transient data");
            return;
        } else {
            auto layouts = m_parts.layouts.find(*m_channel, defaultInterest());
            if (!layouts.ok()) {
                if (againLater(&EndorseCall::startWithFirst)) return;
                fail(kNoCombination + std::string(messageOf(layouts.status())));
                return;
            }
            m_plan = GatewayPlan::fromLayouts(**layouts, nullptr);
        }
        const auto picks = m_plan->next();
        if (picks.empty())
            failFirst();
        else
            askFirst(picks.front());
    }

    void askFirst(const GatewayPlan::Pick& pick) {
        ask(pick, [this, pick](EndorserAnswer answer) {
            if (answer.code == StatusCode::kOk) {
                planFurther(pick.peer, std::move(answer.response));
                return;
            }
            addDetail(pick, answer.message);
            if (const auto next = m_plan->instead(pick.group))
                askFirst(*next);
            else
                failFirst();
        });
    }
    void failFirst() {
        finish(gatewayError(StatusCode::kAborted,
                            "failed to endorse transaction, see attached details for more info",
                            m_details));
    }

    Bytes defaultInterest() const {
        ::protos::ChaincodeInterest interest;
        interest.add_chaincodes()->set_name(std::string(m_target.chaincode));
        return wire::serialize(interest);
    }

    /// The layouts that complete what the first endorser has given.
    void planFurther(const ChannelPeerPtr& first, const ProposalResponsePtr& response) {
        Bytes interest(response->interest);
        std::vector<std::string> protectedCollections;
        if (interest.empty())
            interest = defaultInterest();
        else if (m_target.hasTransient)
            interest = protectCollections(interest, protectedCollections);
        auto layouts = m_parts.layouts.find(*m_channel, interest);
        if (!layouts.ok()) {
            if (againLater(
                    [first, response](EndorseCall& call) { call.planFurther(first, response); }))
                return;
            if (!protectedCollections.empty() &&
                m_parts.layouts.find(*m_channel, response->interest).ok())
                fail(fmt::format(
                    "requires endorsement from organisation(s) that are not in the distribution "
                    "policy of the private data collection(s): [{}]; retry specifying trusted "
                    "endorsing organizations to protect transient data",
                    joined(protectedCollections, " ")));
            else
                fail(kNoCombination + std::string(messageOf(layouts.status())));
            return;
        }
        m_details.clear();
        m_plan = GatewayPlan::fromLayouts(**layouts, first.get());
        m_plan->accept(first, response);
        if (m_plan->isComplete())
            complete();
        else
            askNext();
    }

    /// Transient data may hold what only a collection's members may see: then writing to it makes
    /// members of all endorsers.
    static Bytes protectCollections(const Bytes& interest, std::vector<std::string>& collections) {
        auto parsed = wire::parse<::protos::ChaincodeInterest>(interest, "interest");
        if (!parsed.ok()) return interest;
        for (auto& call : *parsed->mutable_chaincodes()) {
            if (!call.no_private_reads()) continue;
            call.set_no_private_reads(false);
            collections.insert(collections.end(), call.collection_names().begin(),
                               call.collection_names().end());
        }
        return wire::serialize(*parsed);
    }

    // ---- whole layouts
    void askNext() {
        const auto picks = m_plan->next();
        if (picks.empty()) {
            finish(gatewayError(
                StatusCode::kAborted,
                "failed to collect enough transaction endorsements, see attached details for more "
                "info",
                m_details));
            return;
        }
        m_open = picks.size();
        for (const auto& pick : picks) askOne(pick);
    }

    void askOne(const GatewayPlan::Pick& pick) {
        ask(pick, [this, pick](EndorserAnswer answer) { answered(pick, std::move(answer)); });
    }

    void answered(const GatewayPlan::Pick& pick, EndorserAnswer answer) {
        std::unique_lock lock(m_mutex);
        if (answer.code == StatusCode::kOk) {
            if (m_plan->accept(pick.peer, std::move(answer.response))) {
                closeOne(lock);
                return;
            }
            answer.message = "ProposalResponsePayloads do not match";
            log::warning("gateway", fmt::format("{}: its endorser {} came to another result than "
                                                "the first one",
                                                m_request.transactionId, pick.peer->endpoint));
        }
        m_details.push_back({pick.peer->endpoint, pick.peer->mspId, std::move(answer.message)});
        if (const auto next = m_plan->instead(pick.group)) {
            lock.unlock();
            askOne(*next);
            return;
        }
        closeOne(lock);
    }

    void closeOne(std::unique_lock<std::mutex>& lock) {
        const bool isLast = --m_open == 0;
        const bool isComplete = m_plan->isComplete();
        lock.unlock();
        if (isComplete)
            complete();
        else if (isLast)
            askNext();
    }

    // ---- common to all
    /// What is known of other peers may be older than a definition that was just committed. False:
    /// this was tried.
    bool againLater(std::function<void(EndorseCall&)> again) {
        if (!m_channel || !isWorthRefresh(m_parts, *m_channel, m_target.chaincode, m_refreshes))
            return false;
        m_parts.directory.refreshThen(m_channel->channelId(),
                                      [self = shared_from_this(), again = std::move(again)] {
                                          if (!self->isFinished()) again(*self);
                                      });
        return true;
    }
    void ask(const GatewayPlan::Pick& pick, std::function<void(EndorserAnswer)> then) {
        auto call = m_parts.endorsers.ask(
            GatewayEndorsers::Purpose::Endorse, *m_channel, pick.peer, m_request.signedProposal,
            m_deadline, [self = shared_from_this(), then = std::move(then)](EndorserAnswer answer) {
                if (!self->isFinished()) then(std::move(answer));
            });
        if (!call) return;
        const std::lock_guard lock(m_mutex);
        m_running.push_back(call);
        if (isFinished()) call->cancel();
    }

    void addDetail(const GatewayPlan::Pick& pick, const std::string& message) {
        m_details.push_back({pick.peer->endpoint, pick.peer->mspId, message});
    }
    void fail(const std::string& sentence) {
        finish(gatewayError(StatusCode::kFailedPrecondition, sentence));
    }

    void complete() {
        std::vector<protocol::ProposalResponse> responses;
        for (const auto& response : m_plan->endorsements()) responses.push_back(*response);
        const auto payload = protocol::assembleTransaction(m_target.proposal, responses);
        if (!payload.ok()) {
            finish(gatewayError(
                StatusCode::kAborted,
                fmt::format("failed to assemble transaction: {}", messageOf(payload.status()))));
            return;
        }
        Bytes answer;
        answer.reserve(payload->size() + 16);
        protocol::appendTag(answer, 1, protocol::elementSize(*payload));
        protocol::appendElement(answer, 1, *payload);
        finish(std::move(answer));
    }

    void stopped() {
        finish(gatewayError(StatusCode::kDeadlineExceeded,
                            "endorsement timeout expired while collecting endorsements"));
        const std::lock_guard lock(m_mutex);
        for (const auto& running : m_running)
            if (const auto call = running.lock()) call->cancel();
    }

    const GatewayParts m_parts;
    const ProposalCall m_request;
    const ProposalTarget m_target;
    const PeerChannelPtr m_channel;  // null when this peer is not in it
    const Deadline m_deadline;
    std::mutex m_mutex;  // while several endorsers answer at once
    std::optional<GatewayPlan> m_plan;
    std::size_t m_open = 0;
    int m_refreshes = 0;
    std::vector<GatewayErrorDetail> m_details;
    std::vector<std::weak_ptr<rpc::UnaryByteCall>> m_running;
};

}  // namespace

void startEndorse(const GatewayParts& parts, ProposalCall request, Deadline deadline,
                  std::stop_token stop, Gateway::Reply reply) {
    const auto target = decodeTarget(request.signedProposal.view(),
                                     "the proposed transaction must contain a signed proposal");
    if (!target.ok()) {
        reply(gatewayError(StatusCode::kInvalidArgument, messageOf(target.status())));
        return;
    }
    auto channel = parts.channels.find(ChannelId(std::string(target->channel)));
    std::make_shared<EndorseCall>(parts, std::move(request), *target, std::move(channel), deadline,
                                  std::move(stop), std::move(reply))
        ->start();
}

}  // namespace chancery::node
