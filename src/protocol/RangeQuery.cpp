#include "src/protocol/RangeQuery.h"

#include <fabric/ledger/rwset/kvrwset.pb.h>

#include <algorithm>
#include <iterator>

#include "src/crypto/Digest.h"
#include "src/wire/Serialize.h"

namespace chancery::protocol {
namespace {

Bytes hashOfAll(const std::vector<Bytes>& hashes) {
    crypto::Hasher hasher;
    for (const Bytes& hash : hashes) hasher.update(hash);
    return hasher.finish();
}

}  // namespace

RangeQueryRecorder::RangeQueryRecorder(std::uint32_t maxDegree, bool hashing)
    : m_maxDegree(std::max<std::uint32_t>(maxDegree, 2)), m_hashing(hashing) {}

void RangeQueryRecorder::add(std::string_view key, const std::optional<Version>& version) {
    m_pending.push_back({std::string(key), version});
    if (m_hashing && m_pending.size() > m_maxDegree) hashPending();
}

void RangeQueryRecorder::hashPending() {
    ::kvrwset::QueryReads message;
    for (const Read& pending : m_pending) {
        auto* read = message.add_kv_reads();
        read->set_key(pending.key);
        if (!pending.version) continue;
        read->mutable_version()->set_block_num(pending.version->block);
        read->mutable_version()->set_tx_num(pending.version->transaction);
    }
    m_pending.clear();
    addLeaf(crypto::sha256(wire::serialize(message)));
}

void RangeQueryRecorder::addLeaf(Bytes hash) {
    std::uint32_t level = 1;
    m_levels[level].push_back(std::move(hash));
    while (m_levels[level].size() > m_maxDegree) {
        Bytes combined = hashOfAll(m_levels[level]);
        m_levels.erase(level);
        m_levels[++level].push_back(std::move(combined));
        m_maxLevel = std::max(m_maxLevel, level);
    }
}

RangeQueryRecorder::Summary RangeQueryRecorder::current() const {
    const auto top = m_levels.find(m_maxLevel);
    return {m_maxDegree, m_maxLevel, top == m_levels.end() ? std::vector<Bytes>() : top->second};
}

RangeQueryRecorder::Outcome RangeQueryRecorder::finish() {
    if (m_levels.empty()) return {std::exchange(m_pending, {}), std::nullopt};
    if (!m_pending.empty()) hashPending();
    // What is left below the top moves up: a single hash as it is, several as one.
    for (std::uint32_t level = 1; level < m_maxLevel; ++level) {
        const auto found = m_levels.find(level);
        if (found == m_levels.end()) continue;
        Bytes up = found->second.size() == 1 ? found->second[0] : hashOfAll(found->second);
        m_levels.erase(found);
        m_levels[level + 1].push_back(std::move(up));
    }
    if (m_levels[m_maxLevel].size() > m_maxDegree) {
        Bytes combined = hashOfAll(m_levels[m_maxLevel]);
        m_levels.erase(m_maxLevel);
        m_levels[++m_maxLevel].push_back(std::move(combined));
    }
    return {{}, current()};
}

bool sameResults(const RangeQuery& recorded, const RangeQueryRecorder::Outcome& repeated) {
    if (const auto* reads = std::get_if<std::vector<KeyRead>>(&recorded.results)) {
        return !repeated.summary &&
               std::equal(reads->begin(), reads->end(), repeated.reads.begin(),
                          repeated.reads.end(),
                          [](const KeyRead& a, const RangeQueryRecorder::Read& b) {
                              return a.key == b.key && a.version == b.version;
                          });
    }
    if (const auto* summary = std::get_if<MerkleSummary>(&recorded.results)) {
        return repeated.summary && summary->maxDegree == repeated.summary->maxDegree &&
               summary->maxLevel == repeated.summary->maxLevel &&
               std::equal(summary->hashes.begin(), summary->hashes.end(),
                          repeated.summary->hashes.begin(), repeated.summary->hashes.end());
    }
    return !repeated.summary && repeated.reads.empty();
}

}  // namespace chancery::protocol
