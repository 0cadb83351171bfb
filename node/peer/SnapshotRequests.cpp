#include "node/peer/SnapshotRequests.h"

#include <nlohmann/json.hpp>

#include "node/peer/JoinedChannel.h"
#include "src/base/File.h"
#include "src/base/Log.h"

namespace chancery::node {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = 1U << 20;

Status refuse(StatusCode code, std::string_view reason, std::string sentence) {
    return makeError(code, reason, sentence);
}

}  // namespace

SnapshotRequests::SnapshotRequests(JoinedChannel& channel, fs::path root, fs::path file)
    : m_channel(channel), m_root(std::move(root)), m_file(std::move(file)) {}

fs::path SnapshotRequests::folderOf(BlockNumber block) const {
    return m_root / "completed" / m_channel.channelId().str() / std::to_string(block);
}

Status SnapshotRequests::load() {
    const auto bytes = readFile(m_file, kMaxFileBytes);
    if (!bytes.ok())
        return bytes.status().code() == StatusCode::kNotFound ? Status() : bytes.status();
    const auto json = nlohmann::json::parse(*bytes, nullptr, false);
    const auto bad = [&] {
        return makeError(StatusCode::kDataLoss, "BAD_FILE",
                         fmt::format("{} is no list of block numbers", m_file.string()),
                         {{"file", m_file.string()}});
    };
    if (!json.is_array()) return bad();
    const BlockNumber height = m_channel.height();
    bool missed = false;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& number : json) {
            if (!number.is_number_unsigned()) return bad();
            const auto block = number.get<BlockNumber>();
            // One that fell due when the peer went down can be made as long as it is the newest.
            if (block + 1 >= height) m_pending.insert(block);
            missed |= block + 1 == height;
        }
    }
    if (missed) m_channel.pipeline().betweenBlocks([this, height] { committed(height - 1); });
    return {};
}

Status SnapshotRequests::save(const std::set<BlockNumber>& pending) const {
    return writeFileAtomically(m_file, nlohmann::json(pending).dump());
}

Status SnapshotRequests::submit(BlockNumber block) {
    const std::lock_guard lock(m_mutex);
    const BlockNumber newest = m_channel.height() - 1;
    if (block == 0) block = newest;
    if (block < newest)
        return refuse(StatusCode::kFailedPrecondition, "BLOCK_IS_PAST",
                      fmt::format("requested snapshot for block number {} cannot be less than the "
                                  "last committed block number {}",
                                  block, newest));
    std::error_code code;
    if (block == newest && fs::exists(folderOf(block), code))
        return refuse(StatusCode::kFailedPrecondition, "SNAPSHOT_EXISTS",
                      fmt::format("snapshot already generated for block number {}", block));
    if (m_pending.contains(block))
        return refuse(StatusCode::kFailedPrecondition, "DUPLICATE_REQUEST",
                      fmt::format("duplicate snapshot request for block number {}", block));
    auto pending = m_pending;
    pending.insert(block);
    RETURN_IF_ERROR(save(pending));
    m_pending = std::move(pending);
    if (block == newest)
        m_channel.pipeline().betweenBlocks([this, block] {
            // A block that came first has taken it along.
            if (m_channel.height() == block + 1) committed(block);
        });
    return {};
}

Status SnapshotRequests::cancel(BlockNumber block) {
    const std::lock_guard lock(m_mutex);
    if (m_running == block)
        return refuse(StatusCode::kFailedPrecondition, "SNAPSHOT_RUNNING",
                      "cannot cancel the snapshot request because it is under processing");
    auto pending = m_pending;
    if (pending.erase(block) == 0)
        return refuse(StatusCode::kNotFound, "NO_SUCH_REQUEST",
                      fmt::format("no snapshot request exists for block number {}", block));
    RETURN_IF_ERROR(save(pending));
    m_pending = std::move(pending);
    return {};
}

std::vector<BlockNumber> SnapshotRequests::pending() const {
    const std::lock_guard lock(m_mutex);
    return {m_pending.begin(), m_pending.end()};
}

void SnapshotRequests::committed(BlockNumber block) {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_pending.contains(block)) {
            // Asked for in the moment in which the next block came: it cannot be made any more.
            if (m_pending.empty() || *m_pending.begin() > block) return;
            std::erase_if(m_pending, [block](BlockNumber asked) { return asked < block; });
            if (const Status saved = save(m_pending); !saved.ok())
                log::warning("peer", messageOf(saved));
            if (!m_pending.contains(block)) return;
        }
        m_running = block;
    }
    take(block);
    const std::lock_guard lock(m_mutex);
    m_running.reset();
    m_pending.erase(block);
    if (const Status saved = save(m_pending); !saved.ok()) log::warning("peer", messageOf(saved));
}

/// Into a folder beside, then to its place: half a snapshot is never seen there.
void SnapshotRequests::take(BlockNumber block) {
    const std::string channel = m_channel.channelId().str();
    const fs::path work = m_root / "temp" / fmt::format("{}-{}", channel, block);
    std::error_code code;
    fs::remove_all(work, code);
    fs::create_directories(work.parent_path(), code);
    if (!code) fs::create_directories(folderOf(block).parent_path(), code);
    Status made;
    if (code)
        made = makeError(StatusCode::kInternal, "IO_ERROR",
                         fmt::format("cannot make {}: {}", work.string(), code.message()));
    else
        made = m_channel.ledger().exportSnapshot(work).status();
    if (made.ok()) {
        fs::rename(work, folderOf(block), code);
        if (code)
            made = makeError(StatusCode::kInternal, "IO_ERROR",
                             fmt::format("cannot move {}: {}", work.string(), code.message()));
    }
    if (made.ok()) {
        log::info("peer", fmt::format("{}: snapshot after block {} is in {}", channel, block,
                                      folderOf(block).string()));
        return;
    }
    log::error("peer", fmt::format("{}: snapshot after block {} failed: {}", channel, block,
                                   messageOf(made)));
    fs::remove_all(work, code);
}

}  // namespace chancery::node
