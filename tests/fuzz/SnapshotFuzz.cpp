// A snapshot of which one file is hostile; the JSON files vouch for it, so that its content is
// reached.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Snapshot.h"

namespace {

using namespace chancery;
using namespace chancery::protocol;
using Files = std::map<std::string, SharedBytes>;

constexpr const char* kSignable = "_snapshot_signable_metadata.json";
constexpr const char* kAdditional = "_snapshot_additional_metadata.json";
constexpr const char* kNames[] = {"public_state.data",
                                  "public_state.metadata",
                                  "private_state_hashes.data",
                                  "private_state_hashes.metadata",
                                  "txids.data",
                                  "txids.metadata",
                                  "confighistory.data",
                                  "confighistory.metadata",
                                  kSignable,
                                  kAdditional};

SharedBytes bytesOf(const char* text, std::size_t size) {
    return SharedBytes(Bytes(text, size));
}

/// One record of each kind.
Files smallSnapshot() {
    Files files;
    files["public_state.data"] = bytesOf("\x01\x0b\x0a\x01k\x12\x01v\x22\x03\x01\x07\x00", 13);
    files["public_state.metadata"] = bytesOf("\x01\x01\x02ns\x01", 6);
    files["private_state_hashes.data"] = files["public_state.data"];
    files["private_state_hashes.metadata"] = bytesOf("\x01\x01\x06n$$hco\x01", 10);
    files["txids.data"] = bytesOf("\x01\x02id", 4);
    files["txids.metadata"] = bytesOf("\x01\x01", 2);
    files["confighistory.data"] =
        bytesOf("\x01\x1bslscc\0cc~collection\xff\xff\xff\xff\xff\xff\xff\xf5\x00", 30);
    files["confighistory.metadata"] = bytesOf("\x01\x01", 2);
    return files;
}

void seal(Files& files) {
    nlohmann::json hashes;
    for (const auto& [name, bytes] : files) hashes[name] = toHex(crypto::sha256(bytes.view()));
    const nlohmann::json signable{{"channel_name", "ch"},
                                  {"last_block_number", 7},
                                  {"last_block_hash", "00"},
                                  {"previous_block_hash", "00"},
                                  {"snapshot_files_raw_hashes", hashes},
                                  {"state_db_type", "SimpleKeyValueDB"}};
    files[kSignable] = SharedBytes(signable.dump());
    const nlohmann::json additional{
        {"snapshot_hash", toHex(crypto::sha256(files[kSignable].view()))},
        {"last_block_commit_hash", "00"}};
    files[kAdditional] = SharedBytes(additional.dump());
}

template <class Reader>
void drain(const Result<Reader>& reader) {
    if (!reader.ok()) return;
    while (true) {
        const auto record = (*reader)->next();
        if (!record.ok() || !record->has_value()) return;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    Files files = smallSnapshot();
    const std::string name = kNames[data[0] % std::size(kNames)];
    const SharedBytes hostile(Bytes(reinterpret_cast<const char*>(data + 1), size - 1));
    if (!name.starts_with('_')) files[name] = hostile;
    seal(files);
    if (name.starts_with('_')) files[name] = hostile;
    const auto snapshot = Snapshot::fromFiles(files);
    if (!snapshot.ok()) {
        if (!name.starts_with('_')) std::abort();
        return 0;
    }
    drain((*snapshot)->publicState());
    drain((*snapshot)->privateHashes());
    drain((*snapshot)->txIds());
    drain((*snapshot)->configHistory());
    return 0;
}
