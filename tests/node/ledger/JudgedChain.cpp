#include "tests/node/ledger/JudgedChain.h"

#include <stdexcept>

#include "src/base/Encoding.h"
#include "src/protocol/BlockFile.h"
#include "src/store/Connection.h"
#include "src/verify/Expiry.h"
#include "tests/support/Vectors.h"

namespace chancery::test {
namespace {

template <class T>
T must(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.status().ToString());
    return *std::move(result);
}
void must(const Status& status) {
    if (!status.ok()) throw std::runtime_error(status.ToString());
}

void put(verify::MemoryState& state, const verify::PendingUpdates& updates) {
    const auto apply = [&](std::string_view ns, const verify::PendingUpdates::Keys& keys) {
        for (const auto& [key, entry] : keys) {
            if (entry.isDelete)
                state.remove(ns, key, entry.version);
            else
                state.put(ns, key, {entry.value, entry.metadata, entry.version});
        }
    };
    for (const auto& [ns, keys] : updates.publicUpdates()) apply(ns, keys);
    for (const auto& [ns, collections] : updates.hashedUpdates())
        for (const auto& [collection, keys] : collections)
            apply(verify::hashedNamespace(ns, collection), keys);
}

std::vector<JudgedBlock> judge() {
    std::vector<JudgedBlock> chain;
    auto source = must(protocol::openBlocks(vectorPath("ledger/blocks")));
    verify::MemoryState state;
    verify::Expiry expiry;
    std::unique_ptr<verify::Validator> validator;
    for (;;) {
        auto next = must(source->next());
        if (!next) return chain;
        JudgedBlock judged{.block = next->block};
        verify::BlockVerdict verdict;
        if (!validator) {
            verdict = must(verify::Validator::validateGenesis(judged.block));
            validator = std::make_unique<verify::Validator>(verdict.config, state);
            judged.txIds.push_back(judged.block.transaction(0).filedTxId());
        } else {
            judged.prepared = verify::Validator::prepare(judged.block, validator->bundle());
            verdict = must(validator->validate(judged.prepared, judged.block.validationCodes()));
            for (const auto& tx : judged.prepared.transactions) judged.txIds.emplace_back(tx.txId);
        }
        judged.updates = verdict.updates;
        must(expiry.pass(judged.block.number(), verdict.updates, state,
                         [&](std::string_view name) { return validator->contract(name); }));
        put(state, verdict.updates);
        std::vector<std::string> ids;
        for (const TxId& id : judged.txIds) ids.push_back(id.str());
        state.addTransactions(judged.block.number(), ids);
        validator->committed(verdict);
        judged.state = std::make_shared<const verify::MemoryState>(state);
        chain.push_back(std::move(judged));
    }
}

}  // namespace

node::Commit JudgedBlock::commit() const {
    node::Commit commit{.block = block, .updates = &updates, .txIds = txIds};
    for (const auto& tx : prepared.transactions) commit.readWriteSets.push_back(tx.readWriteSet());
    return commit;
}

const std::vector<JudgedBlock>& judgedChain() {
    static const std::vector<JudgedBlock> chain = judge();
    return chain;
}

node::ChannelLedger::Replay replayJudged() {
    return [](const protocol::Block& block, const node::StateView&) -> Result<node::Commit> {
        return judgedChain().at(block.number()).commit();
    };
}

std::unique_ptr<node::ChannelLedger> openLedger(const std::filesystem::path& folder,
                                                node::ChannelLedger::Options options,
                                                node::ChannelLedger::Replay replay) {
    return must(node::ChannelLedger::open(folder, ChannelId("tradechannel"), options, replay));
}

std::string dumpDatabase(const std::filesystem::path& folder) {
    auto db =
        must(store::Connection::open(folder / "state.db", {.mode = store::OpenMode::ReadOnly}));
    std::vector<std::string> tables;
    {
        auto names = must(db.prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"));
        must(names.each([&](store::Row& row) { tables.emplace_back(row.text(0)); }));
    }
    std::string out;
    for (const std::string& table : tables) {
        std::string columns;
        auto info =
            must(db.prepare(fmt::format("SELECT name FROM pragma_table_info('{}')", table)));
        must(info.each([&](store::Row& row) {
            columns +=
                fmt::format("{}quote({})", columns.empty() ? "" : " || ',' || ", row.text(0));
        }));
        auto rows = must(
            db.prepare(fmt::format("SELECT {} AS line FROM {} ORDER BY line", columns, table)));
        must(rows.each(
            [&](store::Row& row) { out += fmt::format("{}: {}\n", table, row.text(0)); }));
    }
    return out;
}

std::string difference(const node::StateView& view, const verify::MemoryState& expected) {
    std::string out;
    for (const std::string& ns : expected.namespaces()) {
        auto rows = must(view.scan(ns, "", ""));
        for (const auto& [key, value] : *expected.keys(ns)) {
            const auto row = must(rows->next());
            if (!row || row->key != key || !(row->value == value))
                return fmt::format("{} {}: differs", ns, printable(key));
        }
        if (must(rows->next())) return fmt::format("{}: too many keys", ns);
    }
    return out;
}

}  // namespace chancery::test
