#include "fabric/common/configtx.pb.h"
#include "src/usecase/Causes.h"
#include "src/usecase/LedgerAnswers.h"
#include "src/usecase/LedgerQuestions.h"
#include "src/usecase/OverviewBuilder.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {
namespace {

/// Configurations from the snapshot, if there is one, to the last block.
Status addConfigs(const index::View& view, OverviewBuilder& builder) {
    const index::Checkpoint& at = view.checkpoint();
    ASSIGN_OR_RETURN(const auto configs, view.configs());
    for (const auto& [number, bytes] : configs) {
        const bool inBlocks = at.first && number >= *at.first;
        if (!inBlocks) {
            if (!at.snapshot) continue;
            ASSIGN_OR_RETURN(const auto config, wire::parse<::common::Config>(bytes, "config"));
            builder.begin(*at.snapshot, at.channel.str(), config);
            continue;
        }
        ASSIGN_OR_RETURN(const index::BlockPtr block,
                         view.blockReader().read(view.connection(), number));
        if (block->block.transactionCount() > 0)
            builder.addConfig(block->block, block->block.transaction(0));
    }
    return {};
}

Status addRefused(const index::View& view, LedgerOverview& overview) {
    ASSIGN_OR_RETURN(const auto refused, view.refused(kMaxRefused));
    for (const auto& [place, cause] : refused) {
        ASSIGN_OR_RETURN(const auto record, view.transaction(place));
        if (!record) continue;
        RefusedTransaction row{.summary = describe(*record)};
        if (!row.summary.code && record->computed)
            row.summary.code = RecordedCode{
                *record->computed,
                protocol::nameOf(static_cast<protocol::ValidationCode>(*record->computed))};
        if (cause) {
            row.cause = describe(*cause);
            if (cause->conflict && cause->conflict->collection.empty())
                for (KeyOverview& key : overview.busiestKeys)
                    if (key.contract == cause->conflict->ns && key.key == cause->conflict->key)
                        ++key.conflicts;
        }
        overview.refused.push_back(std::move(row));
    }
    return {};
}

}  // namespace

Result<LedgerOverview> overviewAnswer(const index::View& view, std::string damage) {
    const index::Checkpoint& at = view.checkpoint();
    if (at.blocks == 0 && !at.snapshot)
        return makeError(StatusCode::kNotFound, "NO_BLOCKS", "there are no blocks");
    OverviewBuilder builder;
    RETURN_IF_ERROR(addConfigs(view, builder));
    LedgerOverview& overview = builder.overview();
    overview.channel = at.channel.str();
    overview.blocks = at.blocks;
    if (at.first) overview.firstBlock = *at.first;
    if (at.last) {
        overview.lastBlock = *at.last;
        ASSIGN_OR_RETURN(const auto newest, view.block(*at.last));
        if (newest) overview.lastHash = newest->hash;
    }
    overview.bytes = at.bytes;
    ASSIGN_OR_RETURN(const auto times, view.transactionTimes());
    if (times) {
        overview.firstTime = absl::FromUnixNanos(times->first);
        overview.lastTime = absl::FromUnixNanos(times->second);
    }
    overview.transactions = at.transactions;
    overview.valid = at.valid;
    overview.notJudged = at.notJudged;
    ASSIGN_OR_RETURN(const auto calls, view.calls());
    for (const auto& [contract, counts] : calls)
        builder.addCalls(contract, counts.first, counts.second);
    ASSIGN_OR_RETURN(const auto keys, view.busiestKeys(kBusiestKeys));
    for (const index::KeyCounts& key : keys)
        overview.busiestKeys.push_back({key.contract, key.key, key.writes, key.reads, 0});
    RETURN_IF_ERROR(addRefused(view, overview));

    const BlockNumber end = at.last.value_or(at.snapshot.value_or(0)) + 1;
    ASSIGN_OR_RETURN(const auto bundle, view.bundleBefore(end));
    LedgerOverview finished =
        builder.finish(view.stateBefore(end), bundle, [&](const std::string& contract) {
            return static_cast<std::size_t>(view.keysOf(contract).value_or(0));
        });
    finished.damage = std::move(damage);
    return finished;
}

}  // namespace chancery::usecase
