#include "src/cli/LedgerSearchCommand.h"

#include "src/base/Encoding.h"
#include "src/cli/LedgerText.h"
#include "src/cli/Session.h"
#include "src/cli/TransactionTable.h"
#include "src/cli/Values.h"
#include "src/usecase/LedgerJson.h"

namespace chancery::cli {
namespace {

constexpr std::uint64_t kUsualFinds = 50;
constexpr std::uint64_t kPage = 1000;  // of BrowseLedger

/// Rows `skip` to `skip + limit`, page by page; `total` is how many there are.
template <class Row, class Ask>
Result<std::vector<Row>> collect(std::uint64_t skip, std::uint64_t limit, std::uint64_t& total,
                                 const Ask& ask) {
    std::vector<Row> rows;
    while (rows.size() < limit) {
        ASSIGN_OR_RETURN(auto page, ask(skip + rows.size(), std::min(kPage, limit - rows.size())));
        total = page.total;
        if (page.rows.empty()) break;
        for (auto& row : page.rows) rows.push_back(std::move(row));
    }
    return rows;
}

/// Which terms alone exclude everything.
void tellFruitless(Session& session, const usecase::BrowseLedger& ledger,
                   const usecase::LedgerQuery& query, std::string_view what) {
    session.out().line(Text(fmt::format("No {} matches.", what)));
    const auto fruitless = ledger.fruitlessTerms(query);
    if (!fruitless.ok()) return;
    for (const std::size_t term : *fruitless)
        if (term < query.terms.size())
            session.out().item(
                "•",
                strong(usecase::textOf(query.terms[term])) +
                    Text(query.terms.size() > 1 ? " alone matches nothing." : " matches nothing."),
                2);
}

void tellCount(Session& session, std::uint64_t shown, std::uint64_t total, std::string_view what) {
    session.out().line(shown == total
                           ? Text(counted(total, what) + ", newest first")
                           : Text(fmt::format("{} of {}, newest first; --limit and --skip show "
                                              "others",
                                              number(shown), counted(total, what))));
}

}  // namespace

Help LedgerSearchCommand::help() const {
    const std::string ledger = "tests/data/vectors/ledger/peer_blockfile_000000";
    return {
        .summary = "Find transactions or blocks in a ledger",
        .about =
            {"A query is a list of terms that must all hold; - before a term means that it must "
             "not. Free text is looked for in keys, ids, names, functions, events and contracts.",
             "Numbers and times: block, time, size, transactions, with :, <, <=, > and >=. Times "
             "are UTC (2026-03-17, 2026-03-17T14:30) or ages (24h, 7d), sizes 25KB or 1.5MB.",
             "Texts, with a colon: tx, key (* at the end for all that begin so), contract, "
             "function, creator, org, endorser, event, result (valid, invalid, unjudged), code "
             "(MVCC_READ_CONFLICT or 11), type (config, endorser). Values with blanks stand in "
             "double quotes.",
             "The first question reads and verifies the whole ledger and keeps an index; the next "
             "ones are answered from it."},
        .examples = {
            {"Everything about a key", "ledger search key:pub:row001 " + ledger},
            {"Refused transactions of one contract",
             "ledger search 'contract:assets result:invalid' " + ledger},
            {"Large blocks from block 100 on",
             "ledger search 'block>=100 size>10KB' " + ledger + " --blocks"},
            {"What two organisations did not endorse, for a program",
             "ledger search 'code:ENDORSEMENT_POLICY_FAILURE' " + ledger + " --output json"}}};
}

void LedgerSearchCommand::declare(CommandLine& line) {
    line.value({.names = "QUERY",
                .help = "What to look for; \"\" finds everything",
                .kind = ValueKind::Text,
                .required = true},
               m_query);
    line.values({.names = "PATH",
                 .help = "Block files, ledger files or folders of them",
                 .kind = ValueKind::Path,
                 .required = true},
                m_paths);
    line.flag("--blocks", "List the blocks that match or hold what matches", m_blocks);
    line.value({.names = "--limit",
                .help = "Show at most this many; 50 unless you say otherwise",
                .kind = ValueKind::Number,
                .value = "N"},
               m_limit);
    line.value({.names = "--skip",
                .help = "Leave out the first ones",
                .kind = ValueKind::Number,
                .value = "N"},
               m_skip);
    m_ledger.declare(line);
}

ExitCode LedgerSearchCommand::run(Session& session) {
    const auto query = usecase::parseLedgerQuery(m_query, absl::ToUnixNanos(session.clock().now()));
    if (!query.ok()) return session.fail(query.status(), ExitCode::Usage);
    const auto ledger = m_ledger.open(session, m_paths);
    if (!ledger.ok()) return session.fail(ledger.status());
    return m_blocks ? blocks(session, **ledger, *query) : transactions(session, **ledger, *query);
}

ExitCode LedgerSearchCommand::blocks(Session& session, const usecase::BrowseLedger& ledger,
                                     const usecase::LedgerQuery& query) const {
    std::uint64_t total = 0;
    const auto rows =
        collect<usecase::BlockSummary>(m_skip.value_or(0), m_limit.value_or(kUsualFinds), total,
                                       [&](std::uint64_t first, std::uint64_t count) {
                                           return ledger.blocks(query, first, count);
                                       });
    if (!rows.ok()) return session.fail(rows.status());
    if (session.wantsJson()) {
        Json array = Json::array();
        for (const usecase::BlockSummary& row : *rows) array.push_back(toJson(row));
        session.print(Json{{"query", usecase::textOf(query)}, {"total", total}, {"blocks", array}});
    } else if (total == 0) {
        tellFruitless(session, ledger, query, "block");
    } else {
        tellCount(session, rows->size(), total, "block");
        printBlocks(session.out(), *rows);
    }
    return total > 0 ? ExitCode::Ok : ExitCode::Findings;
}

ExitCode LedgerSearchCommand::transactions(Session& session, const usecase::BrowseLedger& ledger,
                                           const usecase::LedgerQuery& query) const {
    std::uint64_t total = 0;
    const auto rows =
        collect<usecase::TransactionSummary>(m_skip.value_or(0), m_limit.value_or(kUsualFinds),
                                             total, [&](std::uint64_t first, std::uint64_t count) {
                                                 return ledger.transactions(query, first, count);
                                             });
    if (!rows.ok()) return session.fail(rows.status());
    if (session.wantsJson()) {
        Json array = Json::array();
        for (const usecase::TransactionSummary& row : *rows) array.push_back(toJson(row));
        session.print(
            Json{{"query", usecase::textOf(query)}, {"total", total}, {"transactions", array}});
    } else if (total == 0) {
        tellFruitless(session, ledger, query, "transaction");
    } else {
        tellCount(session, rows->size(), total, "transaction");
        printTransactions(session.out(), *rows);
    }
    return total > 0 ? ExitCode::Ok : ExitCode::Findings;
}

}  // namespace chancery::cli
