#include "src/usecase/ExplainConfigBlock.h"

#include <map>

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "src/protocol/BlockFile.h"
#include "src/usecase/ConfigChanges.h"
#include "src/usecase/LedgerFiles.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {
namespace {

struct Found {
    ConfigBlockStory story;
    std::shared_ptr<const ::common::ConfigEnvelope> content;
};

std::optional<IdentityName> submitterOf(const ::common::Envelope& update, IdentityNames& names) {
    const auto payload = wire::parse<::common::Payload>(update.payload(), "last_update.payload");
    if (!payload.ok()) return std::nullopt;
    const auto header = wire::parse<::common::SignatureHeader>(payload->header().signature_header(),
                                                               "signature_header");
    if (!header.ok() || header->creator().empty()) return std::nullopt;
    return names.of(header->creator());
}

std::optional<Found> find(const protocol::SourcedBlock& sourced, IdentityNames& names) {
    if (!sourced.block.isConfigBlock()) return std::nullopt;
    const protocol::Transaction transaction = sourced.block.transaction(0);
    if (!transaction.config || !transaction.config->message) return std::nullopt;
    Found found{.content = transaction.config->message};
    found.story = {.file = sourced.file,
                   .block = sourced.block.number(),
                   .channel = std::string(transaction.channelHeader.channelId),
                   .sequence = found.content->config().sequence()};
    if (transaction.channelHeader.timestamp)
        found.story.time = transaction.channelHeader.timestamp->time();
    if (found.content->has_last_update()) {
        found.story.submitter = submitterOf(found.content->last_update(), names);
        found.story.signers = signersOf(found.content->last_update(), names);
    }
    return found;
}

}  // namespace

Result<std::vector<ConfigBlockStory>> ExplainConfigBlock::run(
    const std::vector<std::filesystem::path>& paths) const {
    std::map<std::pair<std::string, BlockNumber>, Found> blocks;
    IdentityNames names;
    for (const auto& path : paths) {
        ASSIGN_OR_RETURN(const auto source, protocol::openBlocks(path));
        for (;;) {
            ASSIGN_OR_RETURN(const auto sourced, source->next());
            if (!sourced) break;
            if (auto found = find(*sourced, names))
                blocks.emplace(std::pair(found->story.channel, found->story.block),
                               *std::move(found));
        }
    }
    if (blocks.empty())
        return makeError(StatusCode::kNotFound, "NO_CONFIG_BLOCK",
                         "there is no config block in what was given");
    std::vector<ConfigBlockStory> stories;
    const Found* before = nullptr;
    for (auto& [place, found] : blocks) {
        // Only the configuration with the number before can have been the one that was changed.
        const bool follows = before != nullptr && before->story.channel == found.story.channel &&
                             before->story.sequence + 1 == found.story.sequence;
        if (follows) found.story.comparedWith = before->story.block;
        found.story.changes = tellConfigChange(follows ? &before->content->config() : nullptr,
                                               found.content->config());
        before = &found;
        stories.push_back(found.story);
    }
    return stories;
}

}  // namespace chancery::usecase
