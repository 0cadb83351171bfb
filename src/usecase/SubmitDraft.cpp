#include "src/usecase/SubmitDraft.h"

#include <fmt/format.h>

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "src/channel/Authorisation.h"
#include "src/channel/Signing.h"
#include "src/channel/Update.h"
#include "src/protocol/Block.h"
#include "src/usecase/NewestConfig.h"
#include "src/usecase/SignedRequests.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

/// Whether a config block was made by exactly this update.
bool isResultOf(const ConfigFile& file, BytesView update) {
    if (!file.lastUpdate) return false;
    const auto decoded = channel::decodeUpdate(*file.lastUpdate);
    return decoded.ok() && decoded->envelope.config_update() == update;
}

Status broadcast(const TransactionContext& context, const SubmitDraftRequest& request,
                 BytesView envelope) {
    Status sent = makeError(StatusCode::kNotFound, "NO_ORDERER", "the network names no orderer");
    for (const auto& orderer : request.orderers) {
        const auto ordering = context.connector.ordering(orderer);
        if (!ordering.ok()) return ordering.status();
        sent = (*ordering)->broadcast(envelope, request.deadline, request.stop);
        // A refusal is the same everywhere; only who cannot be reached is passed over.
        if (sent.ok() || sent.code() != StatusCode::kUnavailable) return sent;
    }
    return sent;
}

/// The config block with this update, from `first` on.
Result<SubmittedDraft> waitForBlockOf(const TransactionContext& context,
                                      const SubmitDraftRequest& request, BlockNumber first) {
    Status last = makeError(StatusCode::kNotFound, "NO_ORDERER", "the network names no orderer");
    for (const auto& orderer : request.orderers) {
        const auto delivery = context.connector.ordererDelivery(orderer);
        if (!delivery.ok()) return delivery.status();
        ASSIGN_OR_RETURN(const Bytes seek, signSeek(context, request.draft.channel,
                                                    {.start = first, .stop = std::nullopt}));
        const auto stream = (*delivery)->blocks(seek, request.deadline, request.stop);
        if (!stream.ok()) {
            last = stream.status();
            continue;
        }
        while (true) {
            auto block = (*stream)->next();
            if (!block.ok() || !*block) {
                last = block.ok() ? makeError(StatusCode::kUnavailable, "STREAM_ENDED",
                                              orderer.name + " gives no more blocks")
                                  : block.status();
                break;
            }
            const auto file = readConfig(**block, orderer.name);
            if (!file.ok()) continue;  // ordinary transactions
            if (file->config && isResultOf(*file, request.draft.update))
                return SubmittedDraft{.block = file->block.value_or(0),
                                      .sequence = file->config->sequence(),
                                      .already = false};
        }
    }
    return makeError(StatusCode::kDeadlineExceeded, "COMMIT_UNKNOWN",
                     fmt::format("the orderers took the update, but its block did not come: {}",
                                 messageOf(last)));
}

}  // namespace

Result<SubmittedDraft> SubmitDraft::run(const TransactionContext& context,
                                        const SubmitDraftRequest& request) const {
    const ConfigDraft& draft = request.draft;
    ASSIGN_OR_RETURN(const NewestConfig newest,
                     newestConfig(context, draft.channel, request.orderers, {}, request.deadline));
    if (isResultOf(newest.file, draft.update))
        return SubmittedDraft{
            .block = newest.number, .sequence = newest.file.config->sequence(), .already = true};
    ASSIGN_OR_RETURN(const auto bundle,
                     channel::Bundle::fromConfig(draft.channel, *newest.file.config));
    ASSIGN_OR_RETURN(const DraftStanding standing,
                     JudgeDraft().run(draft, *bundle, context.clock.now()));
    RETURN_IF_ERROR(checkSendable(standing, request.permissions));
    ASSIGN_OR_RETURN(const auto update,
                     wire::parse<::common::ConfigUpdateEnvelope>(draft.envelope(), "draft"));
    ASSIGN_OR_RETURN(const auto envelope,
                     channel::wrapUpdate(draft.channel, update, *context.identity, context.clock,
                                         context.random));
    RETURN_IF_ERROR(channel::admitUpdate(*bundle, envelope).status());
    RETURN_IF_ERROR(broadcast(context, request, wire::serialize(envelope)));
    return waitForBlockOf(context, request, newest.number + 1);
}

}  // namespace chancery::usecase
