#include "src/usecase/LedgerQuestions.h"

#include <algorithm>
#include <set>

#include "src/protocol/Envelope.h"
#include "src/protocol/ValidationCode.h"

namespace chancery::usecase {
namespace {

constexpr std::size_t kMaxPage = 1000;
constexpr std::size_t kMaxBuckets = 4096;

index::Field fieldOf(LedgerField field) {
    switch (field) {
        case LedgerField::Any:
            break;
        case LedgerField::Block:
            return index::Field::Block;
        case LedgerField::Time:
            return index::Field::Time;
        case LedgerField::Size:
            return index::Field::Size;
        case LedgerField::Transactions:
            return index::Field::Transactions;
        case LedgerField::TxId:
            return index::Field::TxId;
        case LedgerField::Key:
            return index::Field::Key;
        case LedgerField::Contract:
            return index::Field::Contract;
        case LedgerField::Function:
            return index::Field::Function;
        case LedgerField::Creator:
            return index::Field::Creator;
        case LedgerField::Org:
            return index::Field::Org;
        case LedgerField::Endorser:
            return index::Field::Endorser;
        case LedgerField::Event:
            return index::Field::Event;
        case LedgerField::Result:
            return index::Field::Result;
        case LedgerField::Code:
            return index::Field::Code;
        case LedgerField::Type:
            return index::Field::Type;
    }
    return index::Field::Any;
}

index::Comparison comparisonOf(LedgerComparison comparison) {
    switch (comparison) {
        case LedgerComparison::Is:
            break;
        case LedgerComparison::Less:
            return index::Comparison::Less;
        case LedgerComparison::LessOrEqual:
            return index::Comparison::LessOrEqual;
        case LedgerComparison::Greater:
            return index::Comparison::Greater;
        case LedgerComparison::GreaterOrEqual:
            return index::Comparison::GreaterOrEqual;
    }
    return index::Comparison::Is;
}

index::Condition conditionOf(const LedgerTerm& term) {
    return {.field = fieldOf(term.field),
            .comparison = comparisonOf(term.comparison),
            .negated = term.negated,
            .text = term.value,
            .number = term.number,
            .last = term.last};
}

index::Filter filterOf(const LedgerQuery& query) {
    index::Filter filter;
    for (const LedgerTerm& term : query.terms) filter.conditions.push_back(conditionOf(term));
    return filter;
}

std::optional<absl::Time> timeOf(std::optional<std::int64_t> nanos) {
    return nanos ? std::optional(absl::FromUnixNanos(*nanos)) : std::nullopt;
}

/// The part of a list, oldest first, that is a page of it, newest first.
template <class Value>
std::vector<Value> pageOf(const std::vector<Value>& all, std::uint64_t first, std::size_t count) {
    std::vector<Value> page;
    for (std::uint64_t row = first; row < all.size() && page.size() < count; ++row)
        page.push_back(all[all.size() - 1 - row]);
    return page;
}

/// Slices of equal width, of time or of block numbers.
struct Slices {
    bool byTime = false;
    std::int64_t begin = 0;
    std::int64_t width = 1;
    std::size_t count = 0;

    std::size_t of(std::int64_t value) const {
        const std::int64_t slot = value < begin ? 0 : (value - begin) / width;
        return std::min(static_cast<std::size_t>(slot), count - 1);
    }
    HistogramBucket bucket(std::size_t slot) const {
        HistogramBucket bucket;
        const std::int64_t from = begin + static_cast<std::int64_t>(slot) * width;
        if (byTime)
            bucket.begin = absl::FromUnixNanos(from);
        else
            bucket.firstBlock = bucket.lastBlock = static_cast<BlockNumber>(from);
        return bucket;
    }
};

Result<Slices> slicesOf(const index::View& view, std::size_t buckets) {
    ASSIGN_OR_RETURN(const auto times, view.times());
    const index::Checkpoint& at = view.checkpoint();
    Slices slices;
    std::int64_t last = 0;
    if (times) {
        slices.byTime = true;
        std::tie(slices.begin, last) = *times;
    } else {
        slices.begin = static_cast<std::int64_t>(at.first.value_or(0));
        last = static_cast<std::int64_t>(at.last.value_or(0));
    }
    // Apart by more than a number holds only when somebody states impossible times.
    const auto span = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(slices.begin);
    slices.width = static_cast<std::int64_t>(span / buckets) + 1;
    slices.count = static_cast<std::size_t>(span / static_cast<std::uint64_t>(slices.width)) + 1;
    return slices;
}

void widen(HistogramBucket& bucket, BlockNumber block) {
    if (bucket.blocks++ == 0) bucket.firstBlock = bucket.lastBlock = block;
    bucket.firstBlock = std::min(bucket.firstBlock, block);
    bucket.lastBlock = std::max(bucket.lastBlock, block);
}

bool startsFolded(std::string_view text, std::string_view prefix) {
    const auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return text.size() >= prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), text.begin(),
                      [&](char a, char b) { return fold(a) == fold(b); });
}

}  // namespace

BlockRow describe(const index::BlockRecord& record) {
    BlockRow row;
    row.number = record.number;
    row.config = record.config;
    row.time = timeOf(record.time);
    row.transactions = record.transactions;
    row.valid = record.valid;
    row.invalid = record.invalid;
    row.size = record.size;
    row.hash = record.hash;
    row.check = record.check == index::CheckResult::Good  ? BlockRow::Check::Good
                : record.check == index::CheckResult::Bad ? BlockRow::Check::Bad
                                                          : BlockRow::Check::Unchecked;
    return row;
}

TransactionSummary describe(const index::TransactionRecord& record) {
    TransactionSummary summary{.block = index::blockOf(record.place),
                               .index = index::slotOf(record.place),
                               .txId = record.stated ? record.id : std::string(),
                               .time = timeOf(record.time),
                               .contract = record.contract,
                               .function = record.function};
    if (record.type)
        summary.type = protocol::nameOf(static_cast<protocol::HeaderType>(*record.type));
    if (record.creator)
        summary.creator = IdentityName{MspId(record.creator->msp), record.creator->commonName,
                                       record.creator->units, record.creator->fingerprint};
    const auto codeOf = [](int number) {
        return RecordedCode{number,
                            protocol::nameOf(static_cast<protocol::ValidationCode>(number))};
    };
    if (record.code) summary.code = codeOf(*record.code);
    if (record.computed) summary.computed = codeOf(*record.computed);
    return summary;
}

Result<BlockPage> blockPage(const index::View& view, const LedgerQuery& query, std::uint64_t first,
                            std::size_t count) {
    count = std::min(count, kMaxPage);
    BlockPage page;
    std::vector<index::BlockRecord> records;
    if (query.empty()) {
        page.total = view.checkpoint().blocks;
        ASSIGN_OR_RETURN(records, view.blocks(first, count));
    } else {
        ASSIGN_OR_RETURN(const auto list, view.matches(filterOf(query), false));
        std::vector<BlockNumber> numbers;
        {
            const std::lock_guard lock(list->mutex);
            page.total = list->blocks.size();
            numbers = pageOf(list->blocks, first, count);
        }
        ASSIGN_OR_RETURN(records, view.blocks(numbers));
    }
    for (const index::BlockRecord& record : records) page.rows.push_back(describe(record));
    return page;
}

Result<std::optional<std::uint64_t>> rowOfBlock(const index::View& view, const LedgerQuery& query,
                                                BlockNumber block) {
    if (query.empty()) return view.rowOf(block);
    ASSIGN_OR_RETURN(const auto list, view.matches(filterOf(query), false));
    const std::lock_guard lock(list->mutex);
    const auto found = std::lower_bound(list->blocks.begin(), list->blocks.end(), block);
    if (found == list->blocks.end() || *found != block) return std::optional<std::uint64_t>();
    return std::optional(static_cast<std::uint64_t>(list->blocks.end() - found) - 1);
}

Result<TransactionPage> transactionPage(const index::View& view, const LedgerQuery& query,
                                        std::uint64_t first, std::size_t count) {
    count = std::min(count, kMaxPage);
    TransactionPage page;
    std::vector<index::TransactionRecord> records;
    if (query.empty()) {
        page.total = view.checkpoint().transactions;
        ASSIGN_OR_RETURN(records, view.transactions(first, count));
    } else {
        ASSIGN_OR_RETURN(const auto list, view.matches(filterOf(query), true));
        std::vector<index::Place> places;
        {
            const std::lock_guard lock(list->mutex);
            page.total = list->transactions.size();
            for (const auto& match : pageOf(list->transactions, first, count))
                places.push_back(match.place);
        }
        ASSIGN_OR_RETURN(records, view.transactions(places));
    }
    for (const index::TransactionRecord& record : records) page.rows.push_back(describe(record));
    return page;
}

Result<std::vector<std::size_t>> fruitless(const index::View& view, const LedgerQuery& query) {
    std::vector<std::size_t> terms;
    for (std::size_t i = 0; i < query.terms.size(); ++i) {
        ASSIGN_OR_RETURN(const bool matches, view.matchesAny({{conditionOf(query.terms[i])}}));
        if (!matches) terms.push_back(i);
    }
    return terms;
}

Result<std::vector<HistogramBucket>> bucketsOf(const index::View& view, const LedgerQuery& query,
                                               std::size_t buckets) {
    if (view.checkpoint().blocks == 0 || buckets == 0) return std::vector<HistogramBucket>();
    ASSIGN_OR_RETURN(const Slices slices, slicesOf(view, std::min(buckets, kMaxBuckets)));
    std::vector<HistogramBucket> result;
    for (std::size_t i = 0; i < slices.count; ++i) result.push_back(slices.bucket(i));
    if (query.empty()) {
        ASSIGN_OR_RETURN(const auto rows, view.slices(slices.byTime, slices.begin, slices.width));
        for (const index::HistogramRow& row : rows) {
            HistogramBucket& bucket =
                result[std::min(static_cast<std::size_t>(row.slot), slices.count - 1)];
            bucket.firstBlock = row.first;
            bucket.lastBlock = row.last;
            bucket.blocks = row.blocks;
            bucket.transactions = row.transactions;
            bucket.invalid = row.invalid;
        }
        return result;
    }
    ASSIGN_OR_RETURN(const auto list, view.matches(filterOf(query), false));
    const std::lock_guard lock(list->mutex);
    // Both lists are in the order of the blocks.
    auto match = list->transactions.begin();
    RETURN_IF_ERROR(
        view.eachTime(list->blocks, [&](BlockNumber block, std::optional<std::int64_t> time) {
            const std::int64_t value =
                slices.byTime ? time.value_or(slices.begin) : static_cast<std::int64_t>(block);
            HistogramBucket& bucket = result[slices.of(value)];
            widen(bucket, block);
            while (match != list->transactions.end() && index::blockOf(match->place) < block)
                ++match;
            for (; match != list->transactions.end() && index::blockOf(match->place) == block;
                 ++match) {
                ++bucket.transactions;
                bucket.invalid += match->invalid ? 1 : 0;
            }
        }));
    // Terms about blocks alone match all that they hold.
    if (list->transactions.empty()) {
        std::size_t at = 0;
        std::vector<BlockNumber> numbers = list->blocks;
        for (; at < numbers.size(); at += kMaxPage) {
            const std::vector<BlockNumber> some(
                numbers.begin() + static_cast<std::ptrdiff_t>(at),
                numbers.begin() +
                    static_cast<std::ptrdiff_t>(std::min(at + kMaxPage, numbers.size())));
            ASSIGN_OR_RETURN(const auto records, view.blocks(some));
            for (const index::BlockRecord& record : records) {
                const std::int64_t value = slices.byTime ? record.time.value_or(slices.begin)
                                                         : static_cast<std::int64_t>(record.number);
                result[slices.of(value)].transactions += record.transactions;
                result[slices.of(value)].invalid += record.invalid;
            }
        }
    }
    return result;
}

Result<std::vector<LedgerCompletion>> completions(const index::View& view, std::string_view text,
                                                  std::size_t cursor, std::size_t limit) {
    std::vector<LedgerCompletion> found;
    const auto place = ledgerValueAt(text, cursor);
    if (!place || limit == 0) return found;
    const bool any = place->field == LedgerField::Any;
    if (any && place->typed.empty()) return found;
    std::set<std::pair<LedgerField, std::string>> known;
    const auto offer = [&](LedgerField field, const std::string& value) {
        if (found.size() >= limit || value.empty() || !startsFolded(value, place->typed) ||
            !known.emplace(field, value).second)
            return;
        LedgerCompletion completion{.begin = place->begin, .end = place->end};
        completion.text = writtenLedgerValue(field, value);
        if (any) {
            completion.text = fmt::format("{}:{}", wordOf(field), completion.text);
            completion.detail = std::string(wordOf(field));
        }
        found.push_back(std::move(completion));
    };
    const auto wanted = [&](LedgerField field) { return any || place->field == field; };
    for (const auto& [field, kind] : {std::pair(LedgerField::Contract, index::NameKind::Contract),
                                      std::pair(LedgerField::Function, index::NameKind::Function),
                                      std::pair(LedgerField::Event, index::NameKind::Event)}) {
        if (!wanted(field)) continue;
        ASSIGN_OR_RETURN(const auto names, view.names(kind));
        for (const std::string& name : names) offer(field, name);
    }
    if (wanted(LedgerField::Creator) || wanted(LedgerField::Org) || wanted(LedgerField::Endorser)) {
        ASSIGN_OR_RETURN(const auto identities, view.identities());
        for (const index::IdentityRecord& identity : identities) {
            if (wanted(LedgerField::Creator)) offer(LedgerField::Creator, identity.commonName);
            if (wanted(LedgerField::Org)) offer(LedgerField::Org, identity.msp);
            if (place->field == LedgerField::Endorser) {
                offer(LedgerField::Endorser, identity.msp);
                offer(LedgerField::Endorser, identity.commonName);
            }
        }
    }
    if (wanted(LedgerField::Key)) {
        ASSIGN_OR_RETURN(const auto keys, view.keysBeginning(place->typed, limit));
        for (const std::string& key : keys) offer(LedgerField::Key, key);
    }
    return found;
}

}  // namespace chancery::usecase
