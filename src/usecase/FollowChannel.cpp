#include "src/usecase/FollowChannel.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "src/index/BlockFeed.h"
#include "src/usecase/LiveBlocks.h"
#include "src/usecase/SignedRequests.h"

namespace chancery::usecase {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;
using Phase = FollowState::Phase;

constexpr std::size_t kMaxQueuedBytes = 32U << 20;
constexpr std::size_t kMaxQueuedBlocks = 4096;
constexpr std::size_t kMaxAlarms = 20;
constexpr auto kRateSpan = std::chrono::seconds(2);
constexpr auto kSilenceLook = std::chrono::seconds(1);

}  // namespace

/// Three threads: one fetches into a bounded queue, one verifies and writes what is in it, one asks
/// other nodes when the present one is silent.
struct FollowChannel::Impl final : index::BlockFeed {
    Impl(const TransactionContext& with, FollowRequest asked)
        : context(with), request(std::move(asked)) {
        const bool peers = !request.peers.empty();
        for (const auto& address : peers ? request.peers : request.orderers) {
            FollowSource source;
            source.name = address.name.empty() ? address.endpoint : address.name;
            state.sources.push_back(source);
            doors.push_back({address, peers, request.firstPause, {}});
        }
    }

    struct Door {
        interfaces::NodeAddress address;
        bool isPeer = true;
        std::chrono::milliseconds pause;
        Steady::time_point again;
    };
    struct Queued {
        protocol::Block block;
        std::size_t bytes;
        std::size_t source;
    };

    // index::BlockFeed, on the verifying thread.
    void begin(std::optional<BlockNumber> last, BytesView headerHash) override;
    std::optional<protocol::Block> next(Deadline until) override;
    bool ended() const override;

    void start();
    void stop();
    void verify(const std::stop_token& stop);
    void fetch(const std::stop_token& stop);
    void watch(const std::stop_token& stop);

    std::optional<std::size_t> chooseSource();
    Status fetchFrom(std::size_t source, std::uint64_t run, const std::stop_token& stop);
    Status readStream(std::size_t source, interfaces::BlockStream<Bytes>& stream, std::uint64_t run,
                      std::optional<BlockNumber> known, Bytes knownHash,
                      interfaces::Delivery& delivery, const std::stop_token& stop);
    bool push(Queued item, std::uint64_t run, const std::stop_token& stop);
    bool waitUntilVerified(std::uint64_t run, const std::stop_token& stop);
    void failed(std::size_t source, const Status& why);
    void putAside(std::size_t source, const Status& why);  // locked
    void verifiedMore();
    void tell();

    const TransactionContext context;
    const FollowRequest request;
    std::vector<Door> doors;
    fs::path blocks;
    std::shared_ptr<BrowseLedger> ledger;
    Subscription ledgerChanged;

    std::mutex running;  // start() and stop()
    std::jthread verifying, fetching, watching;

    mutable std::mutex mutex;  // of what follows
    std::condition_variable_any changed;
    FollowState state;
    bool begun = false;  // the index told where it stands
    bool over = true;
    bool comparing = false;  // a node's block at our height is awaited
    std::uint64_t run = 0;   // grows whenever fetching has to start again from the index
    std::optional<BlockNumber> fetched;
    Bytes fetchedHash;
    std::deque<Queued> queue;
    std::size_t queuedBytes = 0;
    std::map<BlockNumber, std::size_t> givenBy;  // from this block on
    std::size_t preferred = 0;
    std::stop_source connection{std::nostopstate};
    Status cut;  // why the connection was ended by us
    Steady::time_point heard;
    struct Sample {
        Steady::time_point when;
        std::uint64_t blocks, transactions;
    };
    std::deque<Sample> samples;

    std::mutex telling;
    std::map<int, std::function<void()>> listeners;
    int nextListener = 0;
};

void FollowChannel::Impl::begin(std::optional<BlockNumber> last, BytesView headerHash) {
    const std::lock_guard lock(mutex);
    fetched = last;
    fetchedHash = Bytes(headerHash);
    queue.clear();
    queuedBytes = 0;
    givenBy.clear();
    begun = true;
    ++run;
    state.at = last;
    changed.notify_all();
}

std::optional<protocol::Block> FollowChannel::Impl::next(Deadline until) {
    std::unique_lock lock(mutex);
    const auto ready = [&] { return over || !queue.empty(); };
    if (until == Deadline::max())
        changed.wait(lock, ready);
    else if (!ready() && Steady::now() < until)
        changed.wait_until(lock, until, ready);
    if (over || queue.empty()) return std::nullopt;
    Queued item = std::move(queue.front());
    queue.pop_front();
    queuedBytes -= item.bytes;
    if (givenBy.empty() || givenBy.rbegin()->second != item.source) {
        givenBy.emplace(item.block.number(), item.source);
        if (givenBy.size() > 64) givenBy.erase(givenBy.begin());
    }
    changed.notify_all();
    return std::move(item.block);
}

bool FollowChannel::Impl::ended() const {
    const std::lock_guard lock(mutex);
    return over;
}

void FollowChannel::Impl::start() {
    const std::lock_guard one(running);
    if (verifying.joinable()) return;
    {
        const std::lock_guard lock(mutex);
        over = begun = false;
        state.phase = Phase::Connecting;
        state.why = {};
        for (Door& door : doors) {
            door.pause = request.firstPause;
            door.again = {};
        }
    }
    tell();
    verifying = std::jthread([this](const std::stop_token& stop) { verify(stop); });
    fetching = std::jthread([this](const std::stop_token& stop) { fetch(stop); });
    watching = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

void FollowChannel::Impl::stop() {
    const std::lock_guard one(running);
    for (std::jthread* thread : {&verifying, &fetching, &watching}) thread->request_stop();
    {
        const std::lock_guard lock(mutex);
        over = true;
        connection.request_stop();
        changed.notify_all();
    }
    for (std::jthread* thread : {&verifying, &fetching, &watching})
        if (thread->joinable()) thread->join();
    {
        const std::lock_guard lock(mutex);
        queue.clear();
        queuedBytes = 0;
        if (state.phase != Phase::Failed) state.phase = Phase::Stopped;
        state.source.clear();
    }
    tell();
}

void FollowChannel::Impl::verify(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const Status status = ledger->follow(*this, stop);
        if (stop.stop_requested()) return;
        if (reasonOf(status) == "BLOCK_REFUSED") {
            const std::lock_guard lock(mutex);
            const BlockNumber block =
                std::strtoull(argumentOf(status, "block").c_str(), nullptr, 10);
            auto from = givenBy.upper_bound(block);
            if (from != givenBy.begin()) putAside(std::prev(from)->second, status);
            begun = false;
            ++run;
            queue.clear();
            queuedBytes = 0;
            connection.request_stop();
            changed.notify_all();
            continue;
        }
        {
            const std::lock_guard lock(mutex);
            state.phase = Phase::Failed;
            state.why = status;
            over = true;
            connection.request_stop();
            changed.notify_all();
        }
        tell();
        return;
    }
}

/// The next source that may be asked now. Locked. Otherwise the state says what is waited for.
std::optional<std::size_t> FollowChannel::Impl::chooseSource() {
    const auto now = Steady::now();
    std::optional<std::size_t> soonest;
    for (std::size_t i = 0; i < doors.size(); ++i) {
        const std::size_t at = (preferred + i) % doors.size();
        if (state.sources[at].aside) continue;
        if (doors[at].again <= now) return at;
        if (!soonest || doors[at].again < doors[*soonest].again) soonest = at;
    }
    state.source.clear();
    state.phase = soonest ? Phase::Waiting : Phase::Refused;
    state.until = soonest ? state.sources[*soonest].again : std::nullopt;
    return std::nullopt;
}

void FollowChannel::Impl::fetch(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        std::optional<std::size_t> source;
        std::uint64_t mine = 0;
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, stop, [&] { return begun || over; });
            if (stop.stop_requested() || over) return;
            mine = run;
            source = chooseSource();
            if (source) {
                state.source = state.sources[*source].name;
                state.phase = Phase::Connecting;
                connection = std::stop_source();
                cut = {};
            }
        }
        tell();
        if (!source) {
            std::unique_lock lock(mutex);
            Steady::time_point soonest = Steady::time_point::max();
            for (std::size_t i = 0; i < doors.size(); ++i)
                if (!state.sources[i].aside) soonest = std::min(soonest, doors[i].again);
            const auto ready = [&] {
                return over || run != mine ||
                       (soonest != Steady::time_point::max() && Steady::now() >= soonest);
            };
            if (soonest == Steady::time_point::max())
                changed.wait(lock, stop, [&] { return over || run != mine; });
            else
                changed.wait_until(lock, stop, soonest, ready);
            continue;
        }
        if (!waitUntilVerified(mine, stop)) continue;
        const Status ended = fetchFrom(*source, mine, stop);
        const std::lock_guard lock(mutex);
        if (stop.stop_requested() || over) return;
        if (run == mine) failed(*source, cut.ok() ? ended : cut);
    }
}

/// What was fetched from one node is judged before another one is compared with it. False when
/// fetching starts again.
bool FollowChannel::Impl::waitUntilVerified(std::uint64_t mine, const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    changed.wait(lock, stop, [&] { return over || run != mine || state.at == fetched; });
    return !stop.stop_requested() && !over && run == mine;
}

Status FollowChannel::Impl::fetchFrom(std::size_t source, std::uint64_t mine,
                                      const std::stop_token& stop) {
    std::stop_token ending;
    std::optional<BlockNumber> known;
    Bytes knownHash;
    {
        const std::lock_guard lock(mutex);
        ending = connection.get_token();
        known = fetched;
        knownHash = fetchedHash;
    }
    const Door& door = doors[source];
    ASSIGN_OR_RETURN(const auto delivery, door.isPeer
                                              ? context.connector.peerDelivery(door.address)
                                              : context.connector.ordererDelivery(door.address));
    ASSIGN_OR_RETURN(const auto newest,
                     fetchBlock(context, *delivery, request.channel, std::nullopt,
                                deadlineIn(request.patience), ending));
    {
        const std::lock_guard lock(mutex);
        state.sources[source].newest = newest.number();
        if (known && newest.number() < *known)
            return makeError(StatusCode::kUnavailable, "SOURCE_BEHIND",
                             fmt::format("{} has only {} blocks", state.sources[source].name,
                                         newest.number() + 1),
                             {{"height", std::to_string(newest.number() + 1)}});
        state.from = known.value_or(0);
        state.to = newest.number();
        // Before its block at our height is known to be ours, the node is not followed.
        comparing = known.has_value();
        if (!comparing) state.phase = Phase::CatchingUp;
        state.until.reset();
        samples.clear();
        heard = Steady::now();
    }
    tell();
    ASSIGN_OR_RETURN(const Bytes seek, signSeek(context, request.channel,
                                                {.start = known.value_or(0),
                                                 .stop = std::numeric_limits<BlockNumber>::max()}));
    ASSIGN_OR_RETURN(const auto stream, delivery->blocks(seek, Deadline::max(), ending));
    verifiedMore();
    return readStream(source, *stream, mine, known, std::move(knownHash), *delivery, stop);
}

Status FollowChannel::Impl::readStream(std::size_t source, interfaces::BlockStream<Bytes>& stream,
                                       std::uint64_t mine, std::optional<BlockNumber> known,
                                       Bytes knownHash, interfaces::Delivery& delivery,
                                       const std::stop_token& stop) {
    BlockNumber wanted = known.value_or(0);
    while (true) {
        ASSIGN_OR_RETURN(auto bytes, stream.next());
        if (!bytes)
            return makeError(StatusCode::kUnavailable, "CONNECTION_CLOSED",
                             "the node ended the stream");
        const std::size_t size = bytes->size();
        ASSIGN_OR_RETURN(auto block, protocol::Block::parse(*std::move(bytes)));
        if (block.number() != wanted)
            return otherBlock(
                "WRONG_BLOCK",
                fmt::format("the node gives block {} in place of {}", block.number(), wanted),
                wanted);
        if (wanted == 0 && block.transactionCount() > 0 &&
            block.transaction(0).channelHeader.channelId != request.channel.str())
            return otherBlock("WRONG_BLOCK", "the node's first block is of another channel", 0);
        ++wanted;
        if (known && block.number() == *known) {
            if (block.header().hash() != knownHash)
                return differs(context, delivery, *ledger, request.channel, *known,
                               deadlineIn(request.patience), stop);
            {
                const std::lock_guard lock(mutex);
                heard = Steady::now();
                comparing = false;
                state.phase = Phase::CatchingUp;
            }
            verifiedMore();
            continue;
        }
        if (!push({std::move(block), size, source}, mine, stop)) return {};
    }
}

bool FollowChannel::Impl::push(Queued item, std::uint64_t mine, const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    changed.wait(lock, stop, [&] {
        return over || run != mine || connection.stop_requested() || queue.empty() ||
               (queuedBytes + item.bytes <= kMaxQueuedBytes && queue.size() < kMaxQueuedBlocks);
    });
    if (stop.stop_requested() || over || run != mine || connection.stop_requested()) return false;
    heard = Steady::now();
    fetched = item.block.number();
    fetchedHash = item.block.header().hash();
    state.to = std::max(state.to, *fetched);
    FollowSource& source = state.sources[item.source];
    source.newest = std::max(source.newest.value_or(0), *fetched);
    source.why = {};
    source.again.reset();
    doors[item.source].pause = request.firstPause;
    queuedBytes += item.bytes;
    const bool first = queue.empty();
    queue.push_back(std::move(item));
    if (first) changed.notify_all();
    return true;
}

/// Locked.
void FollowChannel::Impl::failed(std::size_t source, const Status& why) {
    comparing = false;
    FollowSource& its = state.sources[source];
    state.lost = its.name;
    state.why = why;
    state.source.clear();
    if (isLie(why)) return putAside(source, why);
    its.why = why;
    Door& door = doors[source];
    door.again = Steady::now() + door.pause;
    its.again = context.clock.now() + absl::FromChrono(door.pause);
    door.pause = std::min(door.pause * 2, request.longestPause);
    preferred = (source + 1) % doors.size();
}

void FollowChannel::Impl::putAside(std::size_t source, const Status& why) {
    FollowSource& its = state.sources[source];
    its.aside = true;
    its.why = why;
    its.again.reset();
    state.lost = its.name;
    state.why = why;
    state.alarms.push_back({context.clock.now(), its.name, why});
    if (state.alarms.size() > kMaxAlarms) state.alarms.erase(state.alarms.begin());
    preferred = (source + 1) % doors.size();
}

/// A node may stand still, or be cut off from the others, while its connection is good.
void FollowChannel::Impl::watch(const std::stop_token& stop) {
    std::optional<BlockNumber> elsewhere;
    std::size_t asked = 0;
    Steady::time_point lastAsked;
    while (!stop.stop_requested()) {
        std::optional<std::size_t> other;
        {
            std::unique_lock lock(mutex);
            changed.wait_for(lock, stop, kSilenceLook, [&] { return over; });
            if (stop.stop_requested() || over) return;
            const auto now = Steady::now();
            const bool following = state.phase == Phase::Live || state.phase == Phase::CatchingUp;
            if (comparing && fetched && now - heard >= request.patience) {
                cut = makeError(StatusCode::kUnavailable, "SOURCE_BEHIND",
                                fmt::format("{} does not give block {}", state.source, *fetched),
                                {{"height", std::to_string(*fetched)}});
                connection.request_stop();
                changed.notify_all();
                comparing = false;
                continue;
            }
            if (!following || now - heard < request.patience || !queue.empty()) {
                elsewhere.reset();
                continue;
            }
            if (elsewhere && (!fetched || *elsewhere > *fetched)) {
                cut = makeError(StatusCode::kUnavailable, "SOURCE_BEHIND",
                                fmt::format("{} gives no more blocks, though there is block {}",
                                            state.source, *elsewhere),
                                {{"height", std::to_string(fetched ? *fetched + 1 : 0)}});
                connection.request_stop();
                changed.notify_all();
                elsewhere.reset();
                continue;
            }
            if (now - lastAsked < request.patience) continue;
            for (std::size_t i = 1; i <= doors.size() && !other; ++i) {
                const std::size_t at = (asked + i) % doors.size();
                if (!state.sources[at].aside && state.sources[at].name != state.source) other = at;
            }
        }
        lastAsked = Steady::now();
        if (!other) continue;
        asked = *other;
        const Door& door = doors[*other];
        auto delivery = door.isPeer ? context.connector.peerDelivery(door.address)
                                    : context.connector.ordererDelivery(door.address);
        if (!delivery.ok()) continue;
        const auto newest = fetchBlock(context, **delivery, request.channel, std::nullopt,
                                       deadlineIn(request.patience), stop);
        if (!newest.ok()) continue;
        elsewhere = newest->number();
        const std::lock_guard lock(mutex);
        state.sources[*other].newest = newest->number();
    }
}

void FollowChannel::Impl::verifiedMore() {
    const LedgerStatus now = ledger->status();
    {
        const std::lock_guard lock(mutex);
        if (!begun) return;
        const auto when = Steady::now();
        if (now.lastBlock && (!state.at || *now.lastBlock > *state.at)) state.at = now.lastBlock;
        samples.push_back({when, now.blocks, now.transactions});
        while (samples.size() > 2 && when - samples.front().when > kRateSpan) samples.pop_front();
        const double seconds = std::chrono::duration<double>(when - samples.front().when).count();
        state.blocksPerSecond = state.transactionsPerSecond = 0;
        if (seconds > 0.01) {
            state.blocksPerSecond =
                static_cast<double>(now.blocks - samples.front().blocks) / seconds;
            state.transactionsPerSecond =
                static_cast<double>(now.transactions - samples.front().transactions) / seconds;
        }
        if (state.phase == Phase::CatchingUp && state.at && *state.at >= state.to)
            state.phase = Phase::Live;
        if (state.phase == Phase::Live) state.asOf = context.clock.now();
        changed.notify_all();
    }
    tell();
}

void FollowChannel::Impl::tell() {
    {
        const std::lock_guard lock(mutex);
        ++state.revision;
    }
    const std::lock_guard lock(telling);
    for (const auto& [id, listener] : listeners) listener();
}

FollowChannel::FollowChannel(std::shared_ptr<Impl> impl) : m_impl(std::move(impl)) {}

FollowChannel::~FollowChannel() {
    m_impl->stop();
    m_impl->ledgerChanged.reset();
}

Result<std::unique_ptr<FollowChannel>> FollowChannel::open(const TransactionContext& context,
                                                           FollowRequest request) {
    if (request.peers.empty() && request.orderers.empty())
        return makeError(StatusCode::kInvalidArgument, "NO_SOURCES",
                         "there is no peer or orderer to follow the channel at");
    const fs::path blocks = request.folder / "blocks";
    for (const fs::path& folder : {request.folder, blocks}) {
        std::error_code error;
        fs::create_directories(folder, error);
        if (!error) fs::permissions(folder, fs::perms::owner_all, error);
        if (error)
            return makeError(StatusCode::kPermissionDenied, "CANNOT_OPEN",
                             fmt::format("{} cannot be made: {}", folder.string(), error.message()),
                             {{"path", folder.string()}});
    }
    const std::size_t threads = request.threads;
    auto impl = std::make_shared<Impl>(context, std::move(request));
    impl->blocks = blocks;
    ASSIGN_OR_RETURN(auto ledger,
                     BrowseLedger::open({.location = {.paths = {blocks}, .snapshot = {}},
                                         .indexes = impl->request.folder,
                                         .anchor = {},
                                         .threads = threads}));
    impl->ledger = std::move(ledger);
    impl->state.at = impl->ledger->status().lastBlock;
    impl->ledgerChanged = impl->ledger->onChanged([raw = impl.get()] { raw->verifiedMore(); });
    return std::unique_ptr<FollowChannel>(new FollowChannel(std::move(impl)));
}

const std::shared_ptr<BrowseLedger>& FollowChannel::ledger() const {
    return m_impl->ledger;
}
const ChannelId& FollowChannel::channel() const {
    return m_impl->request.channel;
}
const fs::path& FollowChannel::blocksFolder() const {
    return m_impl->blocks;
}
void FollowChannel::start() {
    m_impl->start();
}
void FollowChannel::stop() {
    m_impl->stop();
}

void FollowChannel::retry(bool all) {
    const std::lock_guard lock(m_impl->mutex);
    for (std::size_t i = 0; i < m_impl->doors.size(); ++i) {
        m_impl->doors[i].again = {};
        if (all) m_impl->state.sources[i].aside = false;
    }
    if (!m_impl->state.source.empty()) return;
    ++m_impl->run;
    m_impl->changed.notify_all();
}

FollowState FollowChannel::state() const {
    const std::lock_guard lock(m_impl->mutex);
    if (m_impl->state.phase == Phase::Live) m_impl->state.asOf = m_impl->context.clock.now();
    return m_impl->state;
}

Subscription FollowChannel::onChanged(std::function<void()> changed) {
    const std::weak_ptr<Impl> weak = m_impl;
    const std::lock_guard lock(m_impl->telling);
    const int id = m_impl->nextListener++;
    m_impl->listeners.emplace(id, std::move(changed));
    return Subscription([weak, id] {
        const auto impl = weak.lock();
        if (!impl) return;
        const std::lock_guard inner(impl->telling);
        impl->listeners.erase(id);
    });
}

}  // namespace chancery::usecase
