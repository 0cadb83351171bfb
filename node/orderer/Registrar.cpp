#include "node/orderer/Registrar.h"

#include <fcntl.h>
#include <sys/file.h>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/base/Log.h"
#include "src/channel/Elements.h"

namespace chancery::node {
namespace {

constexpr const char* kRegistrarRoom = "orderer";
constexpr const char* kJoinBlock = "join.block";
constexpr std::uint64_t kMaxJoinBlock = 64U << 20;

Status badJoinBlock(std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, "BAD_JOIN_BLOCK", sentence);
}

Status pendingRemoval() {
    return makeError(StatusCode::kAborted, "PENDING_REMOVAL", "channel pending removal");
}

}  // namespace

Result<ChannelId> checkJoinBlock(const protocol::Block& block) {
    if (!block.hasHeader() || !block.hasData() || block.transactionCount() != 1 ||
        !block.isConfigBlock())
        return badJoinBlock("block is not a config block");
    if (block.metadataEntries().empty())
        return badJoinBlock("invalid block: does not have metadata");
    if (block.header().dataHash != block.computedDataHash())
        return badJoinBlock("invalid block: Header.DataHash is different from Hash(block.Data)");
    auto bundle = bundleOf(block);
    if (!bundle.ok()) return badJoinBlock(messageOf(bundle.status()));
    RETURN_IF_ERROR(channel::checkChannelName((*bundle)->channelId()));
    if ((*bundle)->hasConsortiums())
        return badJoinBlock("invalid config: contains consortiums: system channel not supported");
    if (!(*bundle)->hasApplication())
        return badJoinBlock("invalid config: must contain application config");
    return (*bundle)->channelId();
}

Registrar::Registrar(OrdererContextPtr context, Options options)
    : m_context(std::move(context)), m_options(std::move(options)) {}

Registrar::~Registrar() {
    halt();
}

std::filesystem::path Registrar::folderOf(const ChannelId& channel) const {
    return m_options.folder / "channels" / channel.str();
}

Status Registrar::start() {
    const auto channels = m_options.folder / "channels";
    const auto removed = m_options.folder / "removed";
    std::error_code error;
    std::filesystem::create_directories(channels, error);
    if (error)
        return makeError(StatusCode::kUnavailable, "CANNOT_MAKE_FOLDER",
                         fmt::format("{}: {}", channels.string(), error.message()));
    RETURN_IF_ERROR(lock());
    std::filesystem::remove_all(removed, error);
    for (std::filesystem::directory_iterator it(channels, error), end; !error && it != end;
         it.increment(error)) {
        const ChannelId channel(it->path().filename().string());
        if (!it->is_directory() || !channel::checkChannelName(channel).ok()) continue;
        auto opened = open(channel);
        if (opened.ok()) tellMetrics(**opened);
        const std::unique_lock lock(m_mutex);
        if (!opened.ok())
            log::error(kRegistrarRoom, fmt::format("{} cannot be opened: {}", channel.str(),
                                                   messageOf(opened.status())));
        m_channels[channel] = {opened.ok() ? *opened : nullptr, opened.status()};
    }
    if (!error) return absl::OkStatus();
    return makeError(StatusCode::kUnavailable, "CANNOT_READ_FOLDER",
                     fmt::format("{}: {}", channels.string(), error.message()));
}

Status Registrar::lock() {
    const auto file = m_options.folder / "lock";
    m_lock = Descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!m_lock) return diskError(errno, "opening", file);
    if (::flock(m_lock.get(), LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
    return makeError(StatusCode::kFailedPrecondition, "IN_USE",
                     fmt::format("{} is used by another orderer", m_options.folder.string()),
                     {{"folder", m_options.folder.string()}});
}

Result<OrdererChannelPtr> Registrar::open(const ChannelId& channel) {
    const auto folder = folderOf(channel);
    std::optional<protocol::Block> join;
    std::error_code error;
    if (std::filesystem::exists(folder / kJoinBlock, error)) {
        ASSIGN_OR_RETURN(auto bytes, readFile(folder / kJoinBlock, kMaxJoinBlock));
        ASSIGN_OR_RETURN(join, protocol::Block::parse(std::move(bytes)));
    }
    return OrdererChannel::open(
        m_context, channel, {folder, m_options.pull, m_options.firstBackOff, m_options.lastBackOff},
        std::move(join));
}

void Registrar::halt() {
    std::vector<OrdererChannelPtr> channels;
    {
        const std::shared_lock lock(m_mutex);
        for (const auto& [id, entry] : m_channels)
            if (entry.channel) channels.push_back(entry.channel);
    }
    for (const auto& channel : channels) channel->halt();
}

std::vector<ChannelInfo> Registrar::list() const {
    const std::shared_lock lock(m_mutex);
    std::vector<ChannelInfo> list;
    for (const auto& [id, entry] : m_channels) {
        if (entry.channel)
            list.push_back(entry.channel->info());
        else
            list.push_back({id, ConsensusRelation::Follower, ChannelStatus::Failed, 0});
    }
    for (const ChannelId& id : m_removing)
        list.push_back({id, ConsensusRelation::Follower, ChannelStatus::Inactive, 0});
    return list;
}

std::optional<ChannelInfo> Registrar::info(const ChannelId& channel) const {
    for (const ChannelInfo& info : list())
        if (info.channel == channel) return info;
    return std::nullopt;
}

OrdererChannelPtr Registrar::find(const ChannelId& channel) const {
    const std::shared_lock lock(m_mutex);
    const auto found = m_channels.find(channel);
    return found == m_channels.end() ? nullptr : found->second.channel;
}

BlockFeedPtr Registrar::feed(const ChannelId& channel) const {
    const auto found = find(channel);
    if (found == nullptr || found->info().status == ChannelStatus::Onboarding) return nullptr;
    return found;
}

Status Registrar::health() const {
    const std::shared_lock lock(m_mutex);
    for (const auto& [id, entry] : m_channels) {
        const Status status = entry.channel ? entry.channel->health() : entry.error;
        if (!status.ok()) return withContext(status, id.str());
    }
    return absl::OkStatus();
}

Status Registrar::health(const ChannelId& channel) const {
    const std::shared_lock lock(m_mutex);
    const auto found = m_channels.find(channel);
    if (found == m_channels.end()) return absl::OkStatus();
    return found->second.channel ? found->second.channel->health() : found->second.error;
}

Result<ChannelInfo> Registrar::join(const protocol::Block& block) {
    ASSIGN_OR_RETURN(const ChannelId channel, checkJoinBlock(block));
    {
        const std::unique_lock lock(m_mutex);
        if (m_removing.contains(channel)) return pendingRemoval();
        if (m_channels.contains(channel) || !m_changing.insert(channel).second)
            return makeError(StatusCode::kAlreadyExists, "CHANNEL_EXISTS",
                             "channel already exists");
    }
    const auto folder = folderOf(channel);
    const auto opened = [&]() -> Result<OrdererChannelPtr> {
        // What an attempt before has left.
        discard(folder);
        std::error_code error;
        std::filesystem::create_directories(folder, error);
        RETURN_IF_ERROR(writeFileAtomically(folder / kJoinBlock, block.serialize(), 0600));
        return open(channel);
    }();
    if (!opened.ok()) discard(folder);
    const std::unique_lock lock(m_mutex);
    m_changing.erase(channel);
    if (!opened.ok()) return opened.status();
    m_channels[channel] = {*opened, absl::OkStatus()};
    const ChannelInfo info = (*opened)->info();
    tellMetrics(**opened);
    log::info(kRegistrarRoom,
              fmt::format("{} is joined as {}", channel.str(), nameOf(info.relation)));
    return info;
}

Status Registrar::remove(const ChannelId& channel) {
    Entry entry;
    {
        const std::unique_lock lock(m_mutex);
        if (m_removing.contains(channel)) return pendingRemoval();
        const auto found = m_channels.find(channel);
        if (found == m_channels.end())
            return makeError(StatusCode::kNotFound, "NO_SUCH_CHANNEL", "channel does not exist");
        entry = std::move(found->second);
        m_channels.erase(found);
        m_removing.insert(channel);
    }
    if (entry.channel) entry.channel->halt();
    discard(folderOf(channel));
    if (m_context->metrics) m_context->metrics->removed(channel.str());
    log::info(kRegistrarRoom, fmt::format("{} is removed", channel.str()));
    const std::unique_lock lock(m_mutex);
    m_removing.erase(channel);
    return absl::OkStatus();
}

void Registrar::tellMetrics(const OrdererChannel& channel) const {
    if (m_context->metrics)
        m_context->metrics->state(channel.info(), channel.bundle()->consenters().size());
}

/// Out of the way in one step, so that nothing half removed is found by the next start.
void Registrar::discard(const std::filesystem::path& folder) {
    std::error_code error;
    if (!std::filesystem::exists(folder, error)) return;
    const auto removed = m_options.folder / "removed";
    std::filesystem::create_directories(removed, error);
    const auto target = removed / toHex(m_context->random->bytes(8));
    std::filesystem::rename(folder, target, error);
    std::filesystem::remove_all(error ? folder : target, error);
}

}  // namespace chancery::node
