#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "src/protocol/ReadWriteSet.h"

namespace chancery::protocol {

/// More results than this are summarised by hashes (a constant of Fabric's peers).
inline constexpr std::uint32_t kRangeQueryMaxDegree = 50;

/// Takes the results of a range query one by one and gives what a read/write set records of them:
/// the reads themselves up to `maxDegree`, otherwise the top hashes of an incremental Merkle tree
/// (fact sheet B §2). One thread at a time.
class RangeQueryRecorder {
public:
    /// `maxDegree` below 2 is taken as 2. With `hashing` off all reads are kept.
    explicit RangeQueryRecorder(std::uint32_t maxDegree = kRangeQueryMaxDegree,
                                bool hashing = true);

    void add(std::string_view key, const std::optional<Version>& version);

    struct Read {
        std::string key;
        std::optional<Version> version;
        friend bool operator==(const Read&, const Read&) = default;
    };
    struct Summary {
        std::uint32_t maxDegree = 0;
        std::uint32_t maxLevel = 0;
        std::vector<Bytes> hashes;
        friend bool operator==(const Summary&, const Summary&) = default;
    };
    /// Exactly one of both has content; neither when there were no results.
    struct Outcome {
        std::vector<Read> reads;
        std::optional<Summary> summary;
    };

    /// The summary of what was hashed so far; lets a validator stop at the first difference.
    Summary current() const;
    /// Ends the recording.
    Outcome finish();

private:
    void hashPending();
    void addLeaf(Bytes hash);

    std::uint32_t m_maxDegree;
    bool m_hashing;
    std::vector<Read> m_pending;
    std::map<std::uint32_t, std::vector<Bytes>> m_levels;
    std::uint32_t m_maxLevel = 1;
};

/// True when a repeated query gives what the recorded one gave; the difference between both is a
/// phantom read.
bool sameResults(const RangeQuery& recorded, const RangeQueryRecorder::Outcome& repeated);

}  // namespace chancery::protocol
