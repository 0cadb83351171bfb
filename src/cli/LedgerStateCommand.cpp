#include "src/cli/LedgerStateCommand.h"

#include "src/base/Encoding.h"
#include "src/cli/LedgerText.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/LedgerJson.h"

namespace chancery::cli {
namespace {

constexpr std::size_t kUsualKeys = 100;

}  // namespace

Help LedgerStateCommand::help() const {
    const std::string ledger = "tests/data/vectors/ledger/peer_blockfile_000000";
    return {.summary = "Show the value of a key, or of all keys that begin so, as of any block",
            .about = {"Without --at it is the state after the last block. Keys that are not plain "
                      "text can be written with \\xNN, the way they are shown.",
                      "The first question reads and verifies the whole ledger and keeps an index; "
                      "the next ones are answered from it."},
            .examples = {
                {"A value after block 60", "ledger state assets pub:row001 " + ledger + " --at 60"},
                {"All keys that begin so",
                 "ledger state assets pub: " + ledger + " --prefix --limit 10"},
                {"Every key of a contract, for a program",
                 "ledger state journal \"\" " + ledger + " --prefix --output json"}}};
}

void LedgerStateCommand::declare(CommandLine& line) {
    line.value({.names = "CONTRACT",
                .help = "Name of the contract",
                .kind = ValueKind::Text,
                .required = true},
               m_contract);
    line.value({.names = "KEY",
                .help = "The key, or with --prefix its beginning",
                .kind = ValueKind::Text,
                .required = true},
               m_key);
    line.values({.names = "PATH",
                 .help = "Block files, ledger files or folders of them",
                 .kind = ValueKind::Path,
                 .required = true},
                m_paths);
    line.flag("--prefix", "All keys that begin with KEY", m_prefix);
    line.value({.names = "--collection",
                .help = "Keys of this private data collection (hashes are shown)",
                .kind = ValueKind::Text,
                .value = "NAME"},
               m_collection);
    line.value({.names = "--at",
                .help = "As it was after this block",
                .kind = ValueKind::Number,
                .value = "N"},
               m_at);
    line.value({.names = "--limit",
                .help = "With --prefix: show at most this many; 100 unless you say otherwise",
                .kind = ValueKind::Number,
                .value = "N"},
               m_limit);
    m_ledger.declare(line);
}

ExitCode LedgerStateCommand::run(Session& session) {
    if (m_limit && !m_prefix) return session.usage("--limit belongs to --prefix.");
    const auto reference = keyReference(session, m_contract, m_collection, m_key);
    if (!reference) return ExitCode::Usage;
    const auto ledger = m_ledger.open(session, m_paths);
    if (!ledger.ok()) return session.fail(ledger.status());
    return m_prefix ? many(session, **ledger, *reference) : one(session, **ledger, *reference);
}

ExitCode LedgerStateCommand::one(Session& session, const usecase::BrowseLedger& ledger,
                                 const usecase::KeyReference& reference) const {
    const auto key = ledger.key(reference, m_at, 0);
    if (!key.ok()) return session.fail(key.status());
    if (session.wantsJson()) {
        Json json = toJson(*key);
        json.erase("history");  // that is another command
        session.print(json);
    } else {
        printKey(session.out(), *key, false);
    }
    return key->current ? ExitCode::Ok : ExitCode::Findings;
}

ExitCode LedgerStateCommand::many(Session& session, const usecase::BrowseLedger& ledger,
                                  const usecase::KeyReference& prefix) const {
    const std::size_t limit = m_limit.value_or(kUsualKeys);
    // One more tells whether there are others.
    auto keys = ledger.state(prefix, m_at, limit + 1);
    if (!keys.ok()) return session.fail(keys.status());
    const bool more = keys->size() > limit;
    if (more) keys->resize(limit);
    if (session.wantsJson()) {
        Json array = Json::array();
        for (const usecase::KeyDescription& key : *keys) {
            Json json = toJson(key);
            json.erase("history");
            array.push_back(std::move(json));
        }
        session.print(Json{{"keys", std::move(array)}, {"more", more}});
    } else if (keys->empty()) {
        session.out().line("No key begins so.");
    } else {
        Table table({{"Key"},
                     {m_collection ? "Hash of the value" : "Value", Align::Left, Fit::CutEnd, 16},
                     {"Block/tx"},
                     {"Time (UTC)"}});
        for (const usecase::KeyDescription& key : *keys) {
            if (!key.current) continue;
            const Bytes value = key.current->value.value_or(Bytes());
            table.row({m_collection ? Text(toHex(key.key)) : Text(keyText(key.key)),
                       m_collection ? Text(toHex(value)) : valueText(value),
                       shortPlace(key.current->at), utc(key.current->time)});
        }
        session.out().table(table);
        if (more) session.out().line(quiet("… there are more; --limit shows them."));
    }
    return keys->empty() ? ExitCode::Findings : ExitCode::Ok;
}

}  // namespace chancery::cli
