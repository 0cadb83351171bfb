#include "src/verify/ReadCheck.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/protocol/RangeQuery.h"
#include "src/verify/RangeRerun.h"

namespace chancery::verify {
namespace {

using protocol::KeyRead;
using protocol::RangeQuery;
using protocol::ValidationCode;

constexpr std::size_t kShownKey = 128;

std::string shown(const std::optional<Version>& version) {
    if (!version) return "missing";
    return fmt::format("version {}:{}", version->block, version->transaction);
}

OtherTransaction writerAt(const Version& place, const StateReader& state) {
    return {place, state.transactionAt(place)};
}

/// Who made the key what it is now: a pending change, the version that stands, or a deletion.
std::optional<OtherTransaction> writerOf(std::string_view ns, std::string_view key,
                                         const PendingUpdates::Entry* pending,
                                         const std::optional<Version>& current,
                                         const StateReader& state) {
    if (pending != nullptr) return writerAt(pending->version, state);
    if (current) return writerAt(*current, state);
    if (const auto gone = state.deletion(ns, key)) return writerAt(*gone, state);
    return std::nullopt;
}

std::string nameOf(const ReadConflict& conflict) {
    const std::string key = conflict.collection.empty() ? printable(conflict.key, kShownKey)
                                                        : "hash " + toHex(conflict.key);
    return conflict.collection.empty()
               ? fmt::format("key \"{}\" of {}", key, printable(conflict.ns, kShownKey))
               : fmt::format("private key with {} in collection {} of {}", key,
                             printable(conflict.collection, kShownKey),
                             printable(conflict.ns, kShownKey));
}

std::string nameOf(const std::optional<OtherTransaction>& writer) {
    if (!writer) return "by a transaction that is not known here";
    return fmt::format("by transaction {} of block {}{}", writer->place.transaction,
                       writer->place.block,
                       writer->txId.empty() ? "" : " (" + printable(writer->txId.str()) + ")");
}

/// What every sentence about a conflict names; versions as "block:transaction".
ErrorArguments argumentsOf(const ReadConflict& conflict) {
    ErrorArguments arguments{{"contract", printable(conflict.ns, kShownKey)}};
    const auto add = [&](const char* name, std::string value) {
        if (!value.empty()) arguments.emplace_back(name, std::move(value));
    };
    const auto version = [](const Version& at) {
        return fmt::format("{}:{}", at.block, at.transaction);
    };
    if (conflict.collection.empty()) {
        add("key", printable(conflict.key, kShownKey));
    } else {
        add("hash", toHex(conflict.key));
        add("collection", printable(conflict.collection, kShownKey));
    }
    if (conflict.read) add("read", version(*conflict.read));
    if (conflict.current) add("current", version(*conflict.current));
    if (conflict.writer) add("writer", version(conflict.writer->place));
    return arguments;
}

Cause conflictCause(ReadConflict conflict, bool sameBlock) {
    Cause cause;
    cause.reason = sameBlock ? "KEY_CHANGED_IN_BLOCK" : "KEY_CHANGED";
    cause.arguments = argumentsOf(conflict);
    cause.sentence = fmt::format("It read {} as {}; now it is {}, changed {}{}.", nameOf(conflict),
                                 shown(conflict.read), shown(conflict.current),
                                 nameOf(conflict.writer), sameBlock ? " (the same block)" : "");
    cause.conflict = std::move(conflict);
    return cause;
}

Cause phantomCause(const RangeQuery& query, std::string_view ns,
                   const std::optional<RangeRerun::Item>& found, const KeyRead* recorded,
                   const PendingUpdates& pending, const StateReader& state) {
    PhantomRead phantom;
    phantom.start = query.startKey;
    phantom.end = query.endKey;
    phantom.summarised = std::holds_alternative<protocol::MerkleSummary>(query.results);
    auto& difference = phantom.difference;
    difference.ns = ns;
    // The smaller key is the one that the other side lacks; equal keys differ in version.
    const bool takeFound = found && (recorded == nullptr || found->key <= recorded->key);
    const bool takeRecorded = recorded != nullptr && (!found || recorded->key <= found->key);
    if (takeFound || takeRecorded)
        difference.key = takeFound ? found->key : std::string(recorded->key);
    if (takeFound) difference.current = found->version;
    if (takeRecorded) difference.read = recorded->version;
    if (!difference.key.empty() || takeFound || takeRecorded)
        difference.writer = writerOf(ns, difference.key, pending.findPublic(ns, difference.key),
                                     difference.current, state);
    Cause cause;
    cause.reason = "RANGE_CHANGED";
    cause.arguments = argumentsOf(phantom.difference);
    cause.arguments.emplace_back("start", printable(query.startKey, kShownKey));
    cause.arguments.emplace_back("end", printable(query.endKey, kShownKey));
    const std::string range =
        fmt::format("keys from \"{}\" to \"{}\" of {}", printable(query.startKey, kShownKey),
                    printable(query.endKey, kShownKey), printable(ns, kShownKey));
    cause.sentence =
        phantom.summarised
            ? fmt::format(
                  "It queried {}; the results of the query are others now. The newest of "
                  "them, \"{}\", was written {}.",
                  range, printable(difference.key, kShownKey), nameOf(difference.writer))
            : fmt::format("It queried {} and found key \"{}\" as {}; now it is {}, changed {}.",
                          range, printable(difference.key, kShownKey), shown(difference.read),
                          shown(difference.current), nameOf(difference.writer));
    cause.phantom = std::move(phantom);
    return cause;
}

struct Place {
    std::string_view ns, collection, key;
    std::string stateNs;  ///< where the key stands in the state
};

/// One transaction against one state; keeps what all the checks need.
class Checker {
public:
    Checker(const PendingUpdates& pending, const StateReader& state)
        : m_pending(pending), m_state(state) {}

    /// Each gives false when the transaction has failed or an error has come up.
    bool publicRead(std::string_view ns, const KeyRead& read);
    bool hashedRead(std::string_view ns, std::string_view collection,
                    const protocol::HashedRead& read);
    bool rangeQuery(std::string_view ns, const RangeQuery& query);

    ReadVerdict takeVerdict() { return std::move(m_verdict); }
    const Status& status() const { return m_status; }

private:
    template <class T>
    bool take(Result<T> result, T& value) {
        if (!result.ok()) {
            m_status = std::move(result).status();
            return false;
        }
        value = *std::move(result);
        return true;
    }
    bool sameVersion(const Place& place, const std::optional<Version>& read,
                     const PendingUpdates::Entry* pending);
    bool phantom(std::string_view ns, const RangeQuery& query,
                 const std::optional<RangeRerun::Item>& found, const KeyRead* recorded);
    bool compareReads(std::string_view ns, const RangeQuery& query,
                      const std::vector<KeyRead>& reads, RangeRerun& rerun);
    bool compareSummary(std::string_view ns, const RangeQuery& query,
                        const protocol::MerkleSummary& summary, RangeRerun& rerun);
    bool findNewest(std::string_view ns, const RangeQuery& query,
                    std::optional<RangeRerun::Item>& newest);
    void hazard(std::string_view reason, std::string_view ns, const RangeQuery& query,
                std::string_view why);

    const PendingUpdates& m_pending;
    const StateReader& m_state;
    ReadVerdict m_verdict;
    Status m_status;
};

bool Checker::publicRead(std::string_view ns, const KeyRead& read) {
    return sameVersion({ns, {}, read.key, std::string(ns)}, read.version,
                       m_pending.findPublic(ns, read.key));
}

bool Checker::hashedRead(std::string_view ns, std::string_view collection,
                         const protocol::HashedRead& read) {
    return sameVersion({ns, collection, read.keyHash, hashedNamespace(ns, collection)},
                       read.version, m_pending.findHashed(ns, collection, read.keyHash));
}

bool Checker::sameVersion(const Place& place, const std::optional<Version>& read,
                          const PendingUpdates::Entry* pending) {
    std::optional<Version> current;
    if (pending != nullptr) {
        // Any touch by an earlier transaction of the block is too much, whatever was read.
        if (!pending->isDelete) current = pending->version;
    } else {
        if (!take(m_state.version(place.stateNs, place.key), current)) return false;
        if (current == read) return true;
    }
    ReadConflict conflict{std::string(place.ns),
                          std::string(place.collection),
                          std::string(place.key),
                          read,
                          current,
                          writerOf(place.stateNs, place.key, pending, current, m_state)};
    m_verdict.code = ValidationCode::MvccReadConflict;
    m_verdict.cause = conflictCause(std::move(conflict), pending != nullptr);
    return false;
}

bool Checker::rangeQuery(std::string_view ns, const RangeQuery& query) {
    auto rerun =
        RangeRerun::start(ns, query.startKey, query.endKey, !query.exhausted, m_pending, m_state);
    if (!rerun.ok()) {
        m_status = std::move(rerun).status();
        return false;
    }
    if (const auto* summary = std::get_if<protocol::MerkleSummary>(&query.results))
        return compareSummary(ns, query, *summary, *rerun);
    static const std::vector<KeyRead> none;
    const auto* reads = std::get_if<std::vector<KeyRead>>(&query.results);
    return compareReads(ns, query, reads == nullptr ? none : *reads, *rerun);
}

bool Checker::compareReads(std::string_view ns, const RangeQuery& query,
                           const std::vector<KeyRead>& reads, RangeRerun& rerun) {
    for (const KeyRead& read : reads) {
        std::optional<RangeRerun::Item> found;
        if (!take(rerun.next(), found)) return false;
        if (found && found->key == read.key && !read.version)
            hazard("RANGE_READ_WITHOUT_VERSION", ns, query, "one of its reads has no version");
        if (!found || found->key != read.key || read.version != found->version)
            return phantom(ns, query, found, &read);
    }
    std::optional<RangeRerun::Item> extra;
    if (!take(rerun.next(), extra)) return false;
    return !extra || phantom(ns, query, extra, nullptr);
}

/// Builds the summary again and compares each new hash of its top level as soon as it is there, in
/// the same steps as peers do, for what they do with odd summaries depends on them.
bool Checker::compareSummary(std::string_view ns, const RangeQuery& query,
                             const protocol::MerkleSummary& summary, RangeRerun& rerun) {
    if (summary.maxDegree < 2) {
        hazard("RANGE_SUMMARY_DEGREE", ns, query, "the degree of its summary is below 2");
        return phantom(ns, query, std::nullopt, nullptr);
    }
    protocol::RangeQueryRecorder recorder(summary.maxDegree);
    std::size_t matched = 0;
    std::uint64_t count = 0;
    for (;;) {
        std::optional<RangeRerun::Item> found;
        if (!take(rerun.next(), found)) return false;
        if (!found) break;
        recorder.add(found->key, found->version);
        // The tree only changes when as many results as fit a leaf have come together.
        if (++count % (std::uint64_t{summary.maxDegree} + 1) != 0) continue;
        const auto now = recorder.current();
        if (now.maxLevel < summary.maxLevel || now.hashes.size() == matched) continue;
        if (now.hashes.size() > summary.hashes.size()) return phantom(ns, query, found, nullptr);
        if (now.hashes.size() <= matched) {
            hazard("RANGE_SUMMARY_OVERFLOW", ns, query,
                   "the range has grown so far that its tree has a level more than the recorded "
                   "one");
            return phantom(ns, query, found, nullptr);
        }
        if (now.hashes[matched] != summary.hashes[matched])
            return phantom(ns, query, found, nullptr);
        ++matched;
    }
    return protocol::sameResults(query, recorder.finish()) ||
           phantom(ns, query, std::nullopt, nullptr);
}

bool Checker::phantom(std::string_view ns, const RangeQuery& query,
                      const std::optional<RangeRerun::Item>& found, const KeyRead* recorded) {
    m_verdict.code = ValidationCode::PhantomReadConflict;
    std::optional<RangeRerun::Item> newest;
    const bool summarised = std::holds_alternative<protocol::MerkleSummary>(query.results);
    if (summarised && !findNewest(ns, query, newest)) return false;
    m_verdict.cause =
        phantomCause(query, ns, summarised ? newest : found, recorded, m_pending, m_state);
    return false;
}

/// The key of a range that was written last.
bool Checker::findNewest(std::string_view ns, const RangeQuery& query,
                         std::optional<RangeRerun::Item>& newest) {
    auto rerun =
        RangeRerun::start(ns, query.startKey, query.endKey, !query.exhausted, m_pending, m_state);
    if (!rerun.ok()) {
        m_status = std::move(rerun).status();
        return false;
    }
    for (;;) {
        std::optional<RangeRerun::Item> item;
        if (!take(rerun->next(), item)) return false;
        if (!item) return true;
        if (!newest || item->version > newest->version) newest = std::move(item);
    }
}

void Checker::hazard(std::string_view reason, std::string_view ns, const RangeQuery& query,
                     std::string_view why) {
    m_verdict.hazard =
        Hazard{std::nullopt,
               std::string(reason),
               fmt::format("Peers stop at the query of keys from \"{}\" to \"{}\" of {}: {}.",
                           printable(query.startKey, kShownKey), printable(query.endKey, kShownKey),
                           printable(ns, kShownKey), why),
               {{"start", printable(query.startKey, kShownKey)},
                {"end", printable(query.endKey, kShownKey)},
                {"contract", printable(ns, kShownKey)}}};
}

bool checkNamespace(Checker& checker, const protocol::NamespaceReadWriteSet& ns) {
    for (const auto& read : ns.reads)
        if (!checker.publicRead(ns.name, read)) return false;
    for (const auto& query : ns.rangeQueries)
        if (!checker.rangeQuery(ns.name, query)) return false;
    for (const auto& collection : ns.collections)
        for (const auto& read : collection.reads)
            if (!checker.hashedRead(ns.name, collection.collection, read)) return false;
    return true;
}

}  // namespace

Result<ReadVerdict> checkReads(const protocol::ReadWriteSet& set, const PendingUpdates& pending,
                               const StateReader& state) {
    Checker checker(pending, state);
    for (const auto& ns : set.namespaces)
        if (!checkNamespace(checker, ns)) break;
    RETURN_IF_ERROR(checker.status());
    return checker.takeVerdict();
}

}  // namespace chancery::verify
