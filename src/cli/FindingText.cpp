#include "src/cli/FindingText.h"

#include <utility>

namespace chancery::cli {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

constexpr std::string_view kHistory =
    "Somebody may have changed, removed or exchanged a part of the history after it was agreed on.";
constexpr std::string_view kOrderers =
    "Only the orderers may make blocks: without their signature anybody could have written this "
    "one.";
constexpr std::string_view kPeersDiffer =
    "Peers that came to another result hold another state, and their next endorsements will not "
    "match.";
constexpr std::string_view kStops =
    "A Fabric peer that receives this block stops and cannot go on with the channel.";
constexpr std::string_view kUnread =
    "What cannot be read cannot be checked, and blocks behind it neither.";

constexpr Row kRows[] = {
    {"PREVIOUS_HASH_DIFFERS", kHistory},
    {"DATA_HASH_DIFFERS",
     "The transactions in the block are not the ones that the orderers signed."},
    {"NUMBER_DIFFERS",
     "A chain with a gap or a wrong order cannot be followed: what the missing blocks changed is "
     "unknown."},
    {"OTHER_CHANNEL", "A block of another channel says nothing about this one."},
    {"NOT_WELL_FORMED",
     "The data hash would allow other transactions to be cut from the same bytes, so Fabric "
     "refuses such blocks."},
    {"EMPTY_BLOCK", "Orderers never make blocks without transactions."},
    {"NO_HEADER", kUnread},
    {"NO_DATA", kUnread},
    {"NO_METADATA", kOrderers},
    {"NON_CANONICAL_BLOCK",
     "The content is the agreed one, but the file was not written by Fabric, or was changed "
     "afterwards."},
    {"NON_CANONICAL_METADATA", "Somebody may have hidden something there, or the file is damaged."},
    {"BAD_SIGNATURE_METADATA", kOrderers},
    {"ORDERER_POLICY_NOT_SATISFIED", kOrderers},
    {"ORDERER_SIGNATURE_REFUSED",
     "One signature is bad; the others are enough, so the block stands."},
    {"BAD_LAST_CONFIG", "Without it nobody knows by which rules the block must be judged."},
    {"LAST_CONFIG_DIFFERS",
     "A reader that trusts the unsigned copy would judge blocks by the wrong rules."},
    {"LAST_CONFIG_WRONG",
     "Whoever follows it judges blocks by rules that were no longer, or not yet, in force."},
    {"CODE_DIFFERS",
     "The record says of a transaction that it counted although it did not, or the other way "
     "round."},
    {"CODE_COUNT_DIFFERS", "It cannot be told which verdict belongs to which transaction."},
    {"NO_RECORDED_CODES",
     "The blocks come from an orderer; which transactions counted is computed here."},
    {"COMMIT_HASH_DIFFERS", kPeersDiffer},
    {"BAD_COMMIT_HASH", kPeersDiffer},
    {"NO_COMMIT_HASH", "Without it peers cannot compare their states."},
    {"CONFIG_REFUSED",
     "A change of the channel that was not agreed on as its rules demand would put wrong people in "
     "charge."},
    {"BAD_CONFIG", kUnread},
    {"BAD_GENESIS",
     "The first block is where all trust begins; without it nothing else can be judged."},
    {"GENESIS_METADATA", "Nothing signs the first block, so what stands there proves nothing."},
    {"ANCHOR_DIFFERS", "The chain is not the one that the trusted block belongs to."},
    {"BEFORE_ANCHOR", "Nothing vouches for blocks before the trusted one."},
    {"CODES_TAKEN_OVER",
     "Their verdicts depend on what is not in the files; they are believed, not checked."},
    {"STATE_UNKNOWN",
     "Whether a transaction read what was current can only be told with the state before it; a "
     "snapshot would give it."},
    {"STATE_TOO_LARGE", "More memory would be needed to check the rest as well."},
    {"STATE_FAILED", "Verdicts behind this block could not be checked."},
    {"LINKS_ONLY", "Links alone show that the blocks belong together, not who made them."},
    {"CONFIG_ADOPTED",
     "If this configuration is forged, so may be everything behind it: compare its hash with a "
     "trusted source."},
    {"ORDERER_SLOT_USED", "Nobody signs this part of the metadata, so nobody should read it."},
    {"WRONG_SLOT_COUNT", "Nobody signs further metadata, so nobody should read it."},
    {"BYTES_BEHIND_SIGNATURE",
     "Nobody notices when these bytes change; they prove nothing and harm nothing."},
    {"TORN_TAIL",
     "The file was cut while it was written or copied; a peer drops such a tail when it starts."},
    {"ZERO_TAIL", "The file was not completely written, for example when the power failed."},
    {"BAD_BLOCK_FILE", kUnread},
    {"MALFORMED_PROTOBUF", kUnread},
    {"UNKNOWN_COLLECTION", kStops},
    {"CONFIG_AMONG_OTHERS", kStops},
    {"PAYLOAD_WITHOUT_HEADER", kStops},
};

constexpr Row kCovers[] = {
    {"header hash", "the next block repeats the hash of the header"},
    {"data hash", "the header repeats the hash of all transactions"},
    {"orderer signature", "the orderers signed it, or it is their signature"},
    {"last configuration", "a copy of something that the orderers signed"},
    {"validation codes", "the peers' verdicts are computed again"},
    {"commit hash", "the fingerprint of the state is computed again"},
    {"form of the first block", "in the first block only one content is accepted"},
    {"encoding", "lengths and numbers between the contents have one right form"},
    {"nothing", "nobody would notice a change"},
};

template <std::size_t n>
std::string_view look(const Row (&rows)[n], std::string_view name) {
    for (const auto& [key, text] : rows)
        if (key == name) return text;
    return {};
}

}  // namespace

std::string_view whyItMatters(std::string_view reason) {
    return look(kRows, reason);
}

std::string_view describeCover(std::string_view by) {
    return look(kCovers, by);
}

}  // namespace chancery::cli
