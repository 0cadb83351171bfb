#include "node/peer/JoinedChannels.h"

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/base/Log.h"
#include "src/protocol/Transaction.h"

namespace chancery::node {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMarkerEnd = ".joining";
// No name of a channel has such a letter.
constexpr std::string_view kLeavingEnd = "~leaving";
constexpr std::string_view kLeftEnd = "~left";

Status cannot(std::string_view what, const fs::path& path, const std::error_code& code) {
    return makeError(StatusCode::kInternal, "IO_ERROR",
                     fmt::format("{} {}: {}", what, path.string(), code.message()));
}

}  // namespace

Status checkChannelId(std::string_view channel) {
    const auto isLower = [](char c) { return c >= 'a' && c <= 'z'; };
    const bool good = !channel.empty() && channel.size() <= 249 && isLower(channel.front()) &&
                      std::all_of(channel.begin(), channel.end(), [&](char c) {
                          return isLower(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
                      });
    if (good) return {};
    return makeError(StatusCode::kInvalidArgument, "BAD_CHANNEL_ID",
                     fmt::format("'{}' is no name of a channel", printable(channel, 256)));
}

JoinedChannels::JoinedChannels(Options options, PeerServices services, OrderingService* orderers,
                               Ledgers ledgers, Opened opened)
    : m_options(std::move(options)),
      m_services(std::move(services)),
      m_orderers(orderers),
      m_ledgers(std::move(ledgers)),
      m_opened(std::move(opened)) {}

JoinedChannels::~JoinedChannels() {
    stop();
}

fs::path JoinedChannels::folderOf(const ChannelId& channel) const {
    return m_options.folder / "channels" / channel.str();
}

/// Stands while a channel is being made: what lies in its folder then is not to be used.
fs::path JoinedChannels::markerOf(const ChannelId& channel) const {
    return m_options.folder / "channels" / (channel.str() + std::string(kMarkerEnd));
}

/// Stands from the moment on at which a channel is not the peer's any more until nothing is left.
fs::path JoinedChannels::leavingOf(const ChannelId& channel) const {
    return m_options.folder / "channels" / (channel.str() + std::string(kLeavingEnd));
}

Status JoinedChannels::openAll() {
    std::error_code code;
    fs::create_directories(m_options.folder / "channels", code);
    if (code) return cannot("cannot make", m_options.folder / "channels", code);
    // A listing may still show what is removed on the way, so that comes last.
    std::set<ChannelId> found, interrupted, leaving;
    for (fs::directory_iterator it(m_options.folder / "channels", code), end; !code && it != end;
         it.increment(code)) {
        const std::string name = it->path().filename().string();
        if (name.ends_with(kMarkerEnd)) {
            interrupted.emplace(name.substr(0, name.size() - kMarkerEnd.size()));
            continue;
        }
        if (name.ends_with(kLeavingEnd))
            leaving.emplace(name.substr(0, name.size() - kLeavingEnd.size()));
        else if (it->is_directory() && checkChannelId(name).ok())
            found.emplace(name);
    }
    if (code) return cannot("cannot read", m_options.folder / "channels", code);
    for (const ChannelId& channel : interrupted) {
        log::warning("peer", fmt::format("{}: joining it was interrupted; what is there is "
                                         "removed, join it again",
                                         channel.str()));
        std::error_code ignored;
        fs::remove_all(folderOf(channel), ignored);
        fs::remove(markerOf(channel), ignored);
        found.erase(channel);
    }
    for (const ChannelId& channel : leaving) {
        log::warning("peer", fmt::format("{}: leaving it was interrupted; what is there is removed",
                                         channel.str()));
        found.erase(channel);
        if (const Status cleared = clear(channel); !cleared.ok())
            return withContext(cleared, channel.str());
    }
    for (const ChannelId& channel : found) {
        const Status opened = openOne(channel);
        if (opened.ok()) continue;
        log::error("peer", fmt::format("{}: the channel is not served: {}", channel.str(),
                                       messageOf(opened)));
        const std::unique_lock lock(m_mutex);
        m_failures.insert_or_assign(channel, opened);
    }
    return {};
}

Status JoinedChannels::openOne(const ChannelId& channel) {
    ASSIGN_OR_RETURN(auto joined, JoinedChannel::open(
                                      channel,
                                      [&](const ChannelLedger::Replay& replay) {
                                          return m_ledgers.open(folderOf(channel), channel,
                                                                m_options.ledger, replay);
                                      },
                                      m_services));
    return startWith(std::move(joined));
}

Status JoinedChannels::start(const ChannelId& channel, std::unique_ptr<ChannelLedger> ledger) {
    ASSIGN_OR_RETURN(auto joined,
                     JoinedChannel::open(
                         channel,
                         [&](const ChannelLedger::Replay&) {
                             return Result<std::unique_ptr<ChannelLedger>>(std::move(ledger));
                         },
                         m_services));
    return startWith(std::move(joined));
}

Status JoinedChannels::startWith(std::shared_ptr<JoinedChannel> channel) {
    Entry entry;
    entry.channel = channel;
    entry.snapshots = std::make_shared<SnapshotRequests>(
        *channel, m_options.snapshots, folderOf(channel->channelId()) / "snapshot_requests.json");
    RETURN_IF_ERROR(entry.snapshots->load());
    channel->setAfterCommit(
        [requests = entry.snapshots.get()](BlockNumber block) { requests->committed(block); });
    if (m_opened) m_opened(channel);
    const std::unique_lock lock(m_mutex);
    if (m_stopping) return makeError(StatusCode::kCancelled, "STOPPED", "the peer is stopping");
    if (m_orderers != nullptr)
        entry.puller =
            std::make_unique<BlockPuller>(channel->pipeline(), *m_orderers, m_options.puller);
    m_channels.emplace(channel->channelId(), std::move(entry));
    return {};
}

Status JoinedChannels::claim(const ChannelId& channel) {
    RETURN_IF_ERROR(checkChannelId(channel.str()));
    const std::unique_lock lock(m_mutex);
    if (m_stopping) return makeError(StatusCode::kCancelled, "STOPPED", "the peer is stopping");
    if (m_leaving.contains(channel))
        return makeError(StatusCode::kAborted, "PENDING_REMOVAL",
                         fmt::format("channel {} is being removed", channel.str()));
    if (m_channels.contains(channel) || m_failures.contains(channel) ||
        !m_claimed.insert(channel).second)
        return makeError(
            StatusCode::kAlreadyExists, "CHANNEL_EXISTS",
            fmt::format("ledger [{}] already exists with state [ACTIVE]", channel.str()));
    return {};
}

void JoinedChannels::release(const ChannelId& channel) {
    const std::unique_lock lock(m_mutex);
    m_claimed.erase(channel);
}

Status JoinedChannels::join(const protocol::Block& genesis) {
    if (genesis.transactionCount() == 0)
        return makeError(StatusCode::kInvalidArgument, "BAD_GENESIS", "the block is empty");
    const ChannelId channel(std::string(genesis.transaction(0).channelHeader.channelId));
    RETURN_IF_ERROR(claim(channel));
    const auto make = [&]() -> Status {
        std::error_code code;
        fs::create_directories(m_options.folder / "channels", code);
        if (code) return cannot("cannot make", m_options.folder / "channels", code);
        RETURN_IF_ERROR(writeFileAtomically(markerOf(channel), ""));
        ASSIGN_OR_RETURN(auto ledger,
                         m_ledgers.open(folderOf(channel), channel, m_options.ledger, {}));
        RETURN_IF_ERROR(JoinedChannel::begin(channel, *ledger, genesis));
        fs::remove(markerOf(channel), code);
        if (code) return cannot("cannot remove", markerOf(channel), code);
        return start(channel, std::move(ledger));
    };
    const Status made = make();
    std::error_code ignored;
    if (!made.ok() && fs::exists(markerOf(channel), ignored)) {
        fs::remove_all(folderOf(channel), ignored);
        fs::remove(markerOf(channel), ignored);
    }
    release(channel);
    return made;
}

Status JoinedChannels::reached(std::string_view step) const {
    return m_options.reached ? m_options.reached(step) : absl::OkStatus();
}

/// The folder out of the way first, so that nobody who still knows its path makes a file in it.
Status JoinedChannels::clear(const ChannelId& channel) {
    const fs::path folder = folderOf(channel);
    const fs::path left = m_options.folder / "channels" / (channel.str() + std::string(kLeftEnd));
    std::error_code code;
    // Of an attempt before.
    fs::remove_all(left, code);
    if (code) return cannot("cannot remove", left, code);
    if (fs::exists(folder, code)) {
        fs::rename(folder, left, code);
        if (code) return cannot("cannot move", folder, code);
    }
    RETURN_IF_ERROR(reached("moved"));
    fs::remove_all(left, code);
    if (code) return cannot("cannot remove", left, code);
    RETURN_IF_ERROR(reached("removed"));
    fs::remove(leavingOf(channel), code);
    if (code) return cannot("cannot remove", leavingOf(channel), code);
    return {};
}

Result<bool> JoinedChannels::leave(const ChannelId& channel) {
    RETURN_IF_ERROR(checkChannelId(channel.str()));
    Entry entry;
    std::optional<Status> failure;
    {
        const std::unique_lock lock(m_mutex);
        if (m_stopping) return makeError(StatusCode::kCancelled, "STOPPED", "the peer is stopping");
        if (m_claimed.contains(channel) || m_leaving.contains(channel))
            return makeError(StatusCode::kAborted, "PENDING_REMOVAL",
                             fmt::format("channel {} is being changed", channel.str()));
        const auto found = m_channels.find(channel);
        const auto failed = m_failures.find(channel);
        if (found == m_channels.end() && failed == m_failures.end()) return false;
        RETURN_IF_ERROR(reached("begun"));
        // On the disk first: from here on a crash ends without the channel.
        RETURN_IF_ERROR(writeFileAtomically(leavingOf(channel), ""));
        m_leaving.insert(channel);
        if (found != m_channels.end()) {
            entry = std::move(found->second);
            m_channels.erase(found);
        }
        m_failures.erase(channel);
    }
    const auto remove = [&]() -> Status {
        RETURN_IF_ERROR(reached("marked"));
        if (entry.channel) entry.channel->close();
        if (entry.puller) entry.puller->stop();
        entry.puller.reset();
        entry = {};
        RETURN_IF_ERROR(reached("closed"));
        return clear(channel);
    };
    const Status removed = remove();
    const std::unique_lock lock(m_mutex);
    m_leaving.erase(channel);
    // What is left is no channel; leaving again, or the next start, removes the rest.
    if (!removed.ok()) m_failures.insert_or_assign(channel, removed);
    RETURN_IF_ERROR(removed);
    if (m_services.metrics != nullptr) m_services.metrics->height.set(0, {channel.str()});
    log::info("peer", fmt::format("{}: left, its ledger is removed", channel.str()));
    return true;
}

Status JoinedChannels::joinBySnapshot(const fs::path& folder) {
    const std::unique_lock lock(m_mutex);
    if (m_stopping) return makeError(StatusCode::kCancelled, "STOPPED", "the peer is stopping");
    if (!m_joiningSnapshot.empty())
        return makeError(
            StatusCode::kFailedPrecondition, "JOIN_RUNNING",
            fmt::format("a joinbysnapshot operation is in progress: {}", m_joiningSnapshot));
    if (m_joiner.joinable()) m_joiner.join();
    m_joiningSnapshot = folder.string();
    m_joiner = std::thread([this, folder] {
        const Status made = makeFromSnapshot(folder);
        if (made.ok())
            log::info("peer", fmt::format("joined from snapshot {}", folder.string()));
        else
            log::error("peer", fmt::format("cannot join from snapshot {}: {}", folder.string(),
                                           messageOf(made)));
        const std::unique_lock inner(m_mutex);
        m_joiningSnapshot.clear();
    });
    return {};
}

Status JoinedChannels::makeFromSnapshot(const fs::path& folder) {
    ASSIGN_OR_RETURN(const auto snapshot, protocol::Snapshot::open(folder));
    const ChannelId channel = snapshot->info().channel;
    RETURN_IF_ERROR(claim(channel));
    const auto make = [&]() -> Status {
        std::error_code code;
        fs::create_directories(m_options.folder / "channels", code);
        if (code) return cannot("cannot make", m_options.folder / "channels", code);
        RETURN_IF_ERROR(writeFileAtomically(markerOf(channel), ""));
        ASSIGN_OR_RETURN(auto ledger, m_ledgers.createFromSnapshot(folderOf(channel), *snapshot,
                                                                   m_options.ledger));
        RETURN_IF_ERROR(
            JoinedChannel::noteMissing(channel, *ledger, *snapshot, m_services.identity));
        fs::remove(markerOf(channel), code);
        if (code) return cannot("cannot remove", markerOf(channel), code);
        return start(channel, std::move(ledger));
    };
    const Status made = make();
    std::error_code ignored;
    if (!made.ok() && fs::exists(markerOf(channel), ignored)) {
        fs::remove_all(folderOf(channel), ignored);
        fs::remove(markerOf(channel), ignored);
    }
    release(channel);
    return made;
}

std::string JoinedChannels::joiningSnapshot() const {
    const std::shared_lock lock(m_mutex);
    return m_joiningSnapshot;
}

PeerChannelPtr JoinedChannels::find(const ChannelId& channel) const {
    return joined(channel);
}

std::shared_ptr<JoinedChannel> JoinedChannels::joined(const ChannelId& channel) const {
    const std::shared_lock lock(m_mutex);
    const auto found = m_channels.find(channel);
    return found == m_channels.end() ? nullptr : found->second.channel;
}

std::shared_ptr<SnapshotRequests> JoinedChannels::snapshots(const ChannelId& channel) const {
    const std::shared_lock lock(m_mutex);
    const auto found = m_channels.find(channel);
    return found == m_channels.end() ? nullptr : found->second.snapshots;
}

std::optional<BlockPuller::Status> JoinedChannels::puller(const ChannelId& channel) const {
    const std::shared_lock lock(m_mutex);
    const auto found = m_channels.find(channel);
    if (found == m_channels.end() || found->second.puller == nullptr) return std::nullopt;
    return found->second.puller->status();
}

std::vector<ChannelId> JoinedChannels::ids() const {
    const std::shared_lock lock(m_mutex);
    std::vector<ChannelId> ids;
    for (const auto& [id, entry] : m_channels) ids.push_back(id);
    return ids;
}

std::map<ChannelId, Status> JoinedChannels::failures() const {
    const std::shared_lock lock(m_mutex);
    return m_failures;
}

void JoinedChannels::stop() {
    std::thread joiner;
    {
        const std::unique_lock lock(m_mutex);
        m_stopping = true;
        joiner = std::move(m_joiner);
    }
    if (joiner.joinable()) joiner.join();
    // Nothing is added any more. All pullers are told before the first one is waited for.
    for (auto& [id, entry] : m_channels) entry.channel->close();
    for (auto& [id, entry] : m_channels)
        if (entry.puller) entry.puller->stop();
}

}  // namespace chancery::node
