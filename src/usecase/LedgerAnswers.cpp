#include "src/usecase/LedgerAnswers.h"

#include "fabric/common/configtx.pb.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Lifecycle.h"
#include "src/usecase/BlockDescriber.h"
#include "src/usecase/ConfigChanges.h"
#include "src/usecase/IndexedMoment.h"
#include "src/usecase/LedgerQuestions.h"
#include "src/usecase/PolicyVerdicts.h"
#include "src/usecase/TransactionDescriber.h"
#include "src/verify/PendingUpdates.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {
namespace {

using index::Place;

constexpr std::size_t kMaxState = 10'000;

/// What a config block changes; empty for others.
Result<std::vector<ConfigChange>> changesOf(const index::View& view, const protocol::Block& block) {
    if (!block.isConfigBlock()) return std::vector<ConfigChange>();
    const protocol::Transaction transaction = block.transaction(0);
    if (!transaction.config || transaction.config->message == nullptr)
        return std::vector<ConfigChange>();
    ASSIGN_OR_RETURN(const auto before, view.configBefore(block.number()));
    const ::common::Config& after = transaction.config->message->config();
    if (!before) return tellConfigChange(nullptr, after);
    ASSIGN_OR_RETURN(const auto config, wire::parse<::common::Config>(before->second, "config"));
    return tellConfigChange(&config, after);
}

Status noSuchTransaction(const index::View& view, const TransactionReference& reference) {
    const auto* place = std::get_if<WrittenAt>(&reference);
    const std::string what = place == nullptr
                                 ? fmt::format("with the id {}", std::get<TxId>(reference).str())
                                 : fmt::format("{} in block {}", place->transaction, place->block);
    const auto& last = view.checkpoint().last;
    return makeError(StatusCode::kNotFound, "NO_SUCH_TRANSACTION",
                     fmt::format("there is no transaction {}", what),
                     {{"transaction", what}, {"last", last ? std::to_string(*last) : ""}});
}

/// One key of the state, for whom several things are asked.
class KeyQuestion {
public:
    KeyQuestion(const index::View& view, const KeyReference& reference, BlockNumber height)
        : m_view(view),
          m_queries(view.state()),
          m_space(index::Space::of(reference.contract, reference.collection)),
          m_end(index::beginOf(height + 1)) {}

    /// Fills what stands there; `key` as the state has it, a hash where that is so.
    Status describe(BytesView key, std::size_t history, KeyDescription& description) const {
        ASSIGN_OR_RETURN(const auto space, m_queries.space(m_space));
        if (!space) return {};
        ASSIGN_OR_RETURN(const auto id, m_queries.key(*space, key));
        if (!id) return {};
        return describe(key, *id, history, description);
    }

    Status describe(BytesView key, std::int64_t id, std::size_t history,
                    KeyDescription& description) const {
        ASSIGN_OR_RETURN(const auto rows, m_view.history(id, m_end, history));
        for (const index::VersionRow& row : rows) {
            ASSIGN_OR_RETURN(KeyVersion version, versionAt(row.place));
            if ((row.what & index::what::kDelete) == 0) {
                ASSIGN_OR_RETURN(version.value, m_queries.value(m_space, key, id, row));
            }
            description.history.push_back(std::move(version));
        }
        ASSIGN_OR_RETURN(const auto newest, m_queries.latest(id, m_end));
        if (!newest || !newest->exists()) return {};
        ASSIGN_OR_RETURN(const auto at, m_queries.version(id, *newest));
        // Of a version that came with a snapshot, or with metadata alone, only the place is told.
        description.current = KeyVersion{.at = {at.block, at.transaction}};
        if (newest->place >= 0 && (newest->what & index::what::kValue) != 0) {
            ASSIGN_OR_RETURN(description.current, versionAt(newest->place));
        }
        ASSIGN_OR_RETURN(description.current->value, m_queries.value(m_space, key, id, *newest));
        ASSIGN_OR_RETURN(const Bytes metadata, m_queries.metadata(newest->metadata));
        const auto policy = verify::metadataEntry(metadata, protocol::kValidationParameter);
        if (policy.ok() && *policy) description.policy = signaturePolicyText(**policy);
        return {};
    }

    const index::StateQueries& queries() const { return m_queries; }
    const index::Space& space() const { return m_space; }
    Place end() const { return m_end; }

private:
    Result<KeyVersion> versionAt(Place place) const {
        KeyVersion version{.at = {index::blockOf(place), index::slotOf(place)}};
        ASSIGN_OR_RETURN(const auto record, m_view.transaction(place));
        if (!record) return version;
        const TransactionSummary summary = usecase::describe(*record);
        version.txId = summary.txId;
        version.time = summary.time;
        version.creator = summary.creator;
        version.function =
            summary.function.empty() ? summary.contract : summary.contract + "." + summary.function;
        return version;
    }

    const index::View& m_view;
    index::StateQueries m_queries;
    index::Space m_space;
    Place m_end;
};

/// The block after which the state is asked for.
Result<BlockNumber> heightOf(const index::View& view, std::optional<BlockNumber> at) {
    const index::Checkpoint& checkpoint = view.checkpoint();
    const auto last = checkpoint.last ? checkpoint.last : checkpoint.snapshot;
    if (!last || (at && *at > *last)) return index::noSuchBlock(view.connection(), at.value_or(0));
    return at.value_or(*last);
}

}  // namespace

Result<BlockDescription> blockAnswer(const index::View& view, BlockNumber number) {
    ASSIGN_OR_RETURN(const index::BlockPtr block,
                     view.blockReader().read(view.connection(), number));
    IdentityNames names;
    BlockDescription description = describeBlock(*block, names);
    ASSIGN_OR_RETURN(description.configChanges, changesOf(view, block->block));
    for (TransactionSummary& transaction : description.transactions) {
        ASSIGN_OR_RETURN(const auto record,
                         view.transaction(index::placeOf(number, transaction.index)));
        if (record) transaction.computed = describe(*record).computed;
    }
    return description;
}

Result<TransactionDescription> transactionAnswer(const index::View& view,
                                                 const TransactionReference& reference) {
    WrittenAt at;
    if (const auto* place = std::get_if<WrittenAt>(&reference)) {
        at = *place;
    } else {
        ASSIGN_OR_RETURN(const auto found, view.placeOf(std::get<TxId>(reference).str()));
        if (!found) return noSuchTransaction(view, reference);
        at = {index::blockOf(*found), index::slotOf(*found)};
    }
    const auto block = view.blockReader().read(view.connection(), at.block);
    if (!block.ok() && absl::IsNotFound(block.status())) return noSuchTransaction(view, reference);
    if (!block.ok()) return block.status();
    if (at.transaction >= (*block)->block.transactionCount())
        return noSuchTransaction(view, reference);
    ASSIGN_OR_RETURN(const auto moment, IndexedMoment::before(view, *block));
    IdentityNames names;
    TransactionDescription description =
        describeTransaction(**block, at.transaction, *moment, names);
    ASSIGN_OR_RETURN(description.configChanges, changesOf(view, (*block)->block));
    return description;
}

Result<Bytes> envelopeAt(const index::View& view, const WrittenAt& place) {
    ASSIGN_OR_RETURN(const index::BlockPtr block,
                     view.blockReader().read(view.connection(), place.block));
    if (place.transaction >= block->block.transactionCount()) return noSuchTransaction(view, place);
    return Bytes(block->block.envelopes()[place.transaction]);
}

Result<KeyDescription> keyAnswer(const index::View& view, const KeyReference& reference,
                                 std::optional<BlockNumber> at, std::size_t limit) {
    ASSIGN_OR_RETURN(const BlockNumber height, heightOf(view, at));
    KeyDescription description{.contract = reference.contract,
                               .collection = reference.collection,
                               .key = reference.key,
                               .height = height,
                               .stateKnown = view.stateKnownBefore(height + 1)};
    const Bytes key = reference.collection.empty() ? reference.key : crypto::sha256(reference.key);
    RETURN_IF_ERROR(KeyQuestion(view, reference, height).describe(key, limit, description));
    return description;
}

Result<std::vector<KeyDescription>> stateAnswer(const index::View& view, const KeyReference& prefix,
                                                std::optional<BlockNumber> at, std::size_t limit) {
    ASSIGN_OR_RETURN(const BlockNumber height, heightOf(view, at));
    std::vector<KeyDescription> descriptions;
    const KeyQuestion question(view, prefix, height);
    ASSIGN_OR_RETURN(const auto space, question.queries().space(question.space()));
    if (!space) return descriptions;
    // Of private data there are only hashes, which have no beginnings in common: a name in clear
    // is the whole name.
    const Bytes begin =
        prefix.collection.empty() || prefix.key.empty() ? prefix.key : crypto::sha256(prefix.key);
    ASSIGN_OR_RETURN(const auto keys,
                     view.keys(*space, begin, question.end(), std::min(limit, kMaxState)));
    for (const index::KeyRecord& key : keys) {
        KeyDescription description{.contract = prefix.contract,
                                   .collection = prefix.collection,
                                   .key = key.key,
                                   .height = height,
                                   .stateKnown = view.stateKnownBefore(height + 1)};
        RETURN_IF_ERROR(question.describe(key.key, key.id, 0, description));
        descriptions.push_back(std::move(description));
    }
    return descriptions;
}

}  // namespace chancery::usecase
