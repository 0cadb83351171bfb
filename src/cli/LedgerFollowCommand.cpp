#include "src/cli/LedgerFollowCommand.h"

#include <condition_variable>
#include <mutex>

#include "src/base/Encoding.h"
#include "src/cli/BrowsedLedger.h"
#include "src/cli/Interrupt.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

using Phase = usecase::FollowState::Phase;
constexpr std::size_t kFollowPage = 1000;

std::string_view wordOf(Phase phase) {
    switch (phase) {
        case Phase::Stopped:
            return "stopped";
        case Phase::Connecting:
            return "connecting";
        case Phase::CatchingUp:
            return "catching-up";
        case Phase::Live:
            return "live";
        case Phase::Waiting:
            return "waiting";
        case Phase::Refused:
            return "refused";
        case Phase::Failed:
            return "failed";
    }
    return "";
}

std::string followSentence(const usecase::FollowState& state) {
    switch (state.phase) {
        case Phase::Connecting:
            return "asking " + state.source;
        case Phase::CatchingUp:
            return fmt::format("catching up with {} from block {} to {}", state.source,
                               number(state.from), number(state.to));
        case Phase::Live:
            return "live, blocks come from " + state.source;
        case Phase::Waiting:
            return fmt::format("lost {}: {}; trying again", state.lost, messageOf(state.why));
        case Phase::Refused:
            return fmt::format("no node is left that gives right blocks; {}: {}", state.lost,
                               messageOf(state.why));
        default:
            return std::string(messageOf(state.why));
    }
}

Json stateJson(const usecase::FollowState& state) {
    Json json{{"event", "state"},
              {"state", wordOf(state.phase)},
              {"source", bytesToJson(state.source)},
              {"at", state.at ? Json(*state.at) : Json()},
              {"from", state.from},
              {"to", state.to},
              {"blocks_per_second", state.blocksPerSecond},
              {"transactions_per_second", state.transactionsPerSecond}};
    if (!state.why.ok()) {
        json["lost"] = bytesToJson(state.lost);
        json["reason"] = reasonOf(state.why);
        json["why"] = bytesToJson(std::string(messageOf(state.why)));
    }
    if (state.until) json["until"] = rfc3339(*state.until);
    return json;
}

Json blockJson(const usecase::BlockRow& row) {
    return {{"event", "block"},
            {"block", row.number},
            {"time", row.time ? Json(rfc3339(*row.time)) : Json()},
            {"transactions", row.transactions},
            {"invalid", row.invalid},
            {"bytes", row.size},
            {"config", row.config},
            {"hash", toHex(row.hash)},
            {"verified", row.check == usecase::BlockRow::Check::Good}};
}

}  // namespace

Help LedgerFollowCommand::help() const {
    return {
        .summary = "Follow a channel: every block is verified, indexed and told as it comes",
        .about =
            {"Blocks come from one peer at a time, of the own organisation unless --peer says "
             "otherwise. They are verified as \"ledger verify\" does and kept in a folder that "
             "goes on where it ended. When a peer is lost another one is asked; a peer whose block "
             "does not verify is not asked any more, and its block is not taken.",
             "The folder's blocks can be read by all other ledger commands: the place is told "
             "first."},
        .examples = {{.what = "Catch up with the channel of a network, and end",
                      .arguments = "ledger follow --once --index followed",
                      .ends = ExitCode::Ok,
                      .needsNetwork = true},
                     {.what = "The next block from number 2 on, for a program",
                      .arguments = "ledger follow --from 2 --count 1 --index followed --output "
                                   "json",
                      .ends = ExitCode::Ok,
                      .needsNetwork = true}}};
}

void LedgerFollowCommand::declare(CommandLine& line) {
    m_access.declare(line);
    line.value({.names = "--index",
                .help = "Folder for blocks and index of this channel alone; default: in your cache "
                        "folder, by network and channel",
                .kind = ValueKind::Folder,
                .value = "FOLDER"},
               m_folder);
    line.value({.names = "--from",
                .help = "Tell blocks from this one on; default: those that come",
                .kind = ValueKind::Number,
                .value = "N"},
               m_from);
    line.value({.names = "--count",
                .help = "End after so many blocks",
                .kind = ValueKind::Number,
                .value = "NUMBER"},
               m_count);
    line.value({.names = "--seconds",
                .help = "End after so many seconds; default: at Ctrl-C",
                .kind = ValueKind::Number,
                .value = "SECONDS"},
               m_forSeconds);
    line.flag("--once", "End when all blocks are there", m_once);
    line.flag("--orderers", "Ask orderers instead of peers; their blocks have no verdicts",
              m_orderers);
}

Result<std::filesystem::path> LedgerFollowCommand::folder() const {
    if (m_folder) return *m_folder;
    const auto cache = BrowsedLedger::defaultFolder();
    if (!cache)
        return makeError(StatusCode::kInvalidArgument, "NO_CACHE_FOLDER",
                         "there is no cache folder; say --index FOLDER");
    return usecase::followFolder(*cache, m_access.knownFrom(), m_access.channel());
}

void LedgerFollowCommand::tellState(Session& session, const usecase::FollowState& state) {
    for (const usecase::FollowAlarm& alarm : state.alarms) {
        if (alarm.when <= m_lastAlarm) continue;
        m_lastAlarm = alarm.when;
        ++m_alarms;
        if (session.wantsJson())
            session.out().raw(Json{{"event", "alarm"},
                                   {"time", rfc3339(alarm.when)},
                                   {"source", bytesToJson(alarm.source)},
                                   {"reason", reasonOf(alarm.why)},
                                   {"block", argumentOf(alarm.why, "block")},
                                   {"why", bytesToJson(std::string(messageOf(alarm.why)))}}
                                  .dump() +
                              "\n");
        else
            session.err().item(
                bad("✗"), strong(alarm.source) + Text(fmt::format(": {}; it is not asked any more",
                                                                  messageOf(alarm.why))));
    }
    std::string line = fmt::format("{} {}", wordOf(state.phase), followSentence(state));
    if (state.phase == Phase::CatchingUp) line = fmt::format("catching-up {}", state.source);
    if (std::exchange(m_told, line) == line) return;
    if (session.wantsJson())
        session.out().raw(stateJson(state).dump() + "\n");
    else if (state.phase != Phase::Connecting && state.phase != Phase::Stopped)
        session.err().item(state.phase == Phase::Live         ? good("✓")
                           : state.phase == Phase::CatchingUp ? accent("…")
                                                              : warning("!"),
                           followSentence(state));
}

Result<bool> LedgerFollowCommand::tellBlocks(Session& session,
                                             const usecase::BrowseLedger& ledger) {
    while (true) {
        const auto last = ledger.status().lastBlock;
        if (!last || m_next > *last || enough()) return true;
        const std::uint64_t behind = *last - m_next;  // rows above it
        const std::size_t count = std::min<std::uint64_t>(kFollowPage, behind + 1);
        ASSIGN_OR_RETURN(const auto page, ledger.blocks({}, behind + 1 - count, count));
        for (auto row = page.rows.rbegin(); row != page.rows.rend() && !enough(); ++row) {
            if (row->number < m_next) continue;
            m_next = row->number + 1;
            ++m_shown;
            if (session.wantsJson()) {
                session.out().raw(blockJson(*row).dump() + "\n");
                continue;
            }
            Text line(fmt::format("{:>10}  {}  {:>6} tx", number(row->number), utc(row->time),
                                  number(row->transactions)));
            line.add("  ").add(row->invalid == 0
                                   ? quiet("all valid ")
                                   : warning(fmt::format("{:>4} invalid", row->invalid)));
            line.add("  ").add(quiet(shortHash(row->hash)));
            if (row->config) line.add("  configuration");
            session.out().line(line);
        }
        if (!session.out().good()) return false;
    }
}

ExitCode LedgerFollowCommand::run(Session& session) {
    const Interrupt interrupt;
    if (const Status opened = m_access.open(); !opened.ok()) return session.fail(opened);
    const auto place = folder();
    if (!place.ok()) return session.fail(place.status());
    usecase::FollowRequest request{.channel = m_access.channel(), .folder = *place};
    if (m_orderers)
        request.orderers = m_access.orderers();
    else
        request.peers = m_access.ownPeers();
    auto follow = usecase::FollowChannel::open(m_access.context(), request);
    if (!follow.ok()) return session.fail(follow.status());
    usecase::FollowChannel& channel = **follow;
    if (!session.wantsJson())
        session.err().item(accent("·"), "blocks and index are kept in " + place->string());

    std::mutex mutex;
    std::condition_variable_any changed;
    bool news = false;
    const auto watching = channel.onChanged([&] {
        const std::lock_guard lock(mutex);
        news = true;
        changed.notify_all();
    });
    const Deadline end =
        m_forSeconds
            ? deadlineIn(std::chrono::seconds(std::min<std::uint64_t>(*m_forSeconds, 86'400)))
            : Deadline::max();
    const auto begin = channel.ledger()->status().lastBlock;
    m_next = m_from.value_or(begin ? *begin + 1 : 0);
    channel.start();
    ExitCode code = ExitCode::Ok;
    while (true) {
        const usecase::FollowState state = channel.state();
        tellState(session, state);
        const auto told = tellBlocks(session, *channel.ledger());
        if (!told.ok()) return session.fail(told.status());
        if (!*told || enough()) break;
        if (state.phase == Phase::Failed) {
            code = session.fail(state.why);
            break;
        }
        if (m_once && state.phase == Phase::Refused) {
            code = ExitCode::Findings;
            break;
        }
        if (m_once && state.phase == Phase::Live) break;
        if (interrupt.token().stop_requested() || std::chrono::steady_clock::now() >= end) break;
        std::unique_lock lock(mutex);
        const auto ready = [&] { return news; };
        if (end == Deadline::max())
            changed.wait(lock, interrupt.token(), ready);
        else
            changed.wait_until(lock, interrupt.token(), end, ready);
        news = false;
    }
    channel.stop();
    if (code == ExitCode::Ok && m_alarms > 0) code = ExitCode::Findings;
    return code;
}

}  // namespace chancery::cli
