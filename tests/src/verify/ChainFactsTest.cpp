#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/verify/ContractQueries.h"
#include "src/verify/History.h"
#include "tests/src/verify/Ledger.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::test;
using nlohmann::json;
using protocol::ValidationCode;

namespace {

/// What is kept of each block while the golden ledger is verified.
struct Passed {
    std::vector<ValidationCode> codes;
    std::vector<std::string> txIds;
    std::vector<protocol::HeaderType> types;
    Bytes hash, commitHash;
};

struct Ledger {
    std::vector<Passed> blocks;
    verify::Report report;
    verify::ChainState state;
    verify::History history;
};

Ledger verifyAll(const std::string& path, verify::ChainState start) {
    Ledger ledger;
    verify::ChainOptions options;
    options.passed = [&](const verify::PassedBlock& block) {
        Passed passed{block.verdict.codes(), {}, {}, Bytes(block.hash), Bytes(block.commitHash)};
        for (const auto& tx : block.transactions) {
            passed.txIds.push_back(tx.txId);
            passed.types.push_back(tx.transaction.channelHeader.type);
        }
        ledger.blocks.push_back(std::move(passed));
        ledger.history.add(block);
    };
    BlockList source(blocksOf(path));
    verify::ChainVerifier verifier(std::move(start), std::move(options));
    ledger.report = verifier.verify(source);
    ledger.state = verifier.state();
    return ledger;
}

const Ledger& ledger() {
    static const Ledger all = verifyAll("ledger/blocks", {});
    return all;
}

const Ledger& crafted() {
    static const Ledger all = verifyAll("ledger/crafted", ledger().state);
    return all;
}

Bytes unhex(const json& text) {
    return *fromHex(text.get<std::string>());
}

/// A fact's text or bytes: plain, in hex, or as a hash only.
bool sameValue(const json& row, const std::string& field, const Bytes& value) {
    if (row.contains(field + "_hex")) return value == unhex(row[field + "_hex"]);
    if (row.contains(field + "_sha256"))
        return crypto::sha256(value) == unhex(row[field + "_sha256"]);
    return value == row[field].get<std::string>();
}

}  // namespace

class ChainFactsTest : public QObject {
    Q_OBJECT

private:
    static void checkBlocks(const Ledger& found, const json& rows) {
        QCOMPARE(found.blocks.size(), rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const json& row = rows[i];
            const Passed& block = found.blocks[i];
            const std::string where = fmt::format("block {}", row["number"].get<BlockNumber>());
            Bytes flags;
            for (const ValidationCode code : block.codes) flags += static_cast<char>(code);
            QVERIFY2(toHex(flags) == row["validation_flags_hex"].get<std::string>(), where.c_str());
            QVERIFY2(toHex(block.hash) == row["header_hash"].get<std::string>(), where.c_str());
            QVERIFY2(toHex(block.commitHash) == row.value("commit_hash", ""), where.c_str());
            const json& txs = row["txs"];
            QVERIFY2(txs.size() == block.codes.size(), where.c_str());
            for (std::size_t t = 0; t < txs.size(); ++t) {
                QCOMPARE(static_cast<int>(block.codes[t]), txs[t]["validation_code"].get<int>());
                QCOMPARE(nameOf(block.codes[t]), txs[t]["validation_name"].get<std::string>());
                if (t >= block.txIds.size() || !txs[t].contains("txid")) continue;
                const auto stated = txs[t]["txid"].get<std::string>();
                if (!stated.empty()) QCOMPARE(block.txIds[t], stated);
            }
        }
    }

private slots:
    void codesAndCommitHashesOfEveryTransaction() {
        checkBlocks(ledger(), facts()["chain"]["blocks"]);
        checkBlocks(crafted(), facts()["crafted_blocks"]["blocks"]);
    }

    void everyRefusalIsExplained() {
        std::map<ValidationCode, std::size_t> explained;
        verify::ChainOptions options;
        options.passed = [&](const verify::PassedBlock& block) {
            const std::string where = fmt::format("block {}", block.sourced.block.number());
            QVERIFY2(block.good && block.verdict.hazards.empty(), where.c_str());
            for (const auto& tx : block.verdict.transactions) {
                QVERIFY2(tx.valid() != tx.cause.has_value(), where.c_str());
                if (!tx.cause) continue;
                ++explained[tx.code];
                QVERIFY2(!tx.cause->reason.empty(), where.c_str());
                QVERIFY2(tx.cause->sentence.ends_with('.') || !tx.cause->field.empty(),
                         where.c_str());
                // Who stood in the way is named, down to the transaction id.
                if (tx.code == ValidationCode::MvccReadConflict) {
                    const auto& conflict = tx.cause->conflict;
                    QVERIFY2(conflict.has_value(), where.c_str());
                    QVERIFY2(conflict->read != conflict->current, where.c_str());
                    if (conflict->writer) {
                        QVERIFY2(!conflict->writer->txId.empty(), where.c_str());
                    } else {
                        // Only a version that never was has nobody.
                        QVERIFY2(!conflict->current, where.c_str());
                    }
                }
                if (tx.code == ValidationCode::PhantomReadConflict) {
                    const auto& phantom = tx.cause->phantom;
                    QVERIFY2(phantom.has_value(), where.c_str());
                    if (!phantom->summarised) {
                        QVERIFY2(phantom->difference.writer.has_value(), where.c_str());
                        QVERIFY2(!phantom->difference.writer->txId.empty(), where.c_str());
                    }
                }
                if (tx.code == ValidationCode::EndorsementPolicyFailure &&
                    tx.cause->reason == "POLICY_NOT_SATISFIED")
                    QVERIFY2(tx.cause->policy && !tx.cause->policy->explanation.satisfied,
                             where.c_str());
            }
        };
        verified(blocksOf("ledger/blocks"), {}, options);
        std::size_t count = 0;
        for (const auto& [code, number] : explained) count += number;
        std::size_t expected = 0;
        for (const auto& [name, number] : facts()["chain"]["code_counts"].items())
            if (name != "VALID") expected += number.get<std::size_t>();
        QCOMPARE(count, expected);
    }

    void countsOfCodesAndTypes() {
        std::map<std::string, std::uint64_t> codes, types;
        for (const auto& [code, count] : ledger().report.counters.codes)
            codes[nameOf(code)] = count;
        for (const auto& [type, count] : ledger().report.counters.types)
            types[nameOf(type)] = count;
        const auto& chain = facts()["chain"];
        QCOMPARE(json(codes).dump(), chain["code_counts"].dump());
        QCOMPARE(json(types).dump(), chain["type_counts"].dump());
        QCOMPARE(ledger().report.counters.codesTakenOver, std::uint64_t{0});
    }

    void chainInfo() {
        const auto& chain = facts()["chain"];
        const auto& info = chain["chain_info"];
        QCOMPARE(ledger().state.next(), info["height"].get<BlockNumber>());
        QCOMPARE(toHex(ledger().report.lastBlockHash),
                 info["current_block_hash"].get<std::string>());
        QCOMPARE(toHex(ledger().blocks[276].hash), info["previous_block_hash"].get<std::string>());
        QCOMPARE(ledger().report.configBlock.value_or(0),
                 chain["last_config_block"].get<BlockNumber>());
        QCOMPARE(ledger().report.configSequence,
                 chain["last_config_sequence"].get<std::uint64_t>());
        QCOMPARE(ledger().report.channel.str(), chain["channel"].get<std::string>());
    }

    void publicState() {
        const auto& state = ledger().state.state;
        std::set<std::string> names;
        for (const auto& row : facts()["chain"]["public_state"]) {
            const auto ns = row["namespace"].get<std::string>();
            const Bytes key =
                row.contains("key_hex") ? unhex(row["key_hex"]) : row["key"].get<std::string>();
            const auto found = state.get(ns, key);
            VERIFY_OK(found);
            const std::string where = ns + " " + printable(key);
            QVERIFY2(found->has_value(), where.c_str());
            QVERIFY2(sameValue(row, "value", (*found)->value), where.c_str());
            QCOMPARE((*found)->value.size(), row["value_len"].get<std::size_t>());
            QCOMPARE((*found)->version.block, row["version"][0].get<std::uint64_t>());
            QCOMPARE((*found)->version.transaction, row["version"][1].get<std::uint64_t>());
            const Bytes metadata = row.contains("metadata_hex") ? unhex(row["metadata_hex"]) : "";
            QVERIFY2((*found)->metadata == metadata, where.c_str());
            names.insert(ns + '\0' + key);
        }
        std::size_t count = 0;
        for (const auto& ns : state.namespaces())
            if (ns.find("$$h") == std::string::npos) count += state.keys(ns)->size();
        QCOMPARE(count, names.size());
    }

    void privateHashedState() {
        const auto& state = ledger().state.state;
        std::size_t rows = 0;
        for (const auto& row : facts()["chain"]["private_hashed_state"]) {
            ++rows;
            const std::string ns = verify::hashedNamespace(row["namespace"].get<std::string>(),
                                                           row["collection"].get<std::string>());
            const auto found = state.get(ns, unhex(row["key_hash"]));
            VERIFY_OK(found);
            const std::string where = ns + " " + row["key_hash"].get<std::string>();
            QVERIFY2(found->has_value(), where.c_str());
            QVERIFY2((*found)->value == unhex(row["value_hash"]), where.c_str());
            QCOMPARE((*found)->version.block, row["version"][0].get<std::uint64_t>());
            QCOMPARE((*found)->version.transaction, row["version"][1].get<std::uint64_t>());
            const Bytes metadata = row.contains("metadata_hex") ? unhex(row["metadata_hex"]) : "";
            QVERIFY2((*found)->metadata == metadata, where.c_str());
        }
        std::size_t count = 0;
        for (const auto& ns : state.namespaces())
            if (ns.find("$$h") != std::string::npos) count += state.keys(ns)->size();
        QCOMPARE(count, rows);
    }

    void theSnapshotHoldsTheSameState() {
        const auto snapshot = protocol::Snapshot::open(vectorPath("ledger/snapshot_277"));
        VERIFY_OK(snapshot);
        const auto loaded = verify::ChainState::fromSnapshot(**snapshot);
        VERIFY_OK(loaded);
        const auto& mine = ledger().state;
        QCOMPARE(loaded->state.namespaces(), mine.state.namespaces());
        for (const auto& ns : mine.state.namespaces())
            QVERIFY2(*loaded->state.keys(ns) == *mine.state.keys(ns), ns.c_str());
        QCOMPARE(loaded->headerHash, mine.headerHash);
        QCOMPARE(loaded->commitHash, mine.commitHash);
        QCOMPARE(loaded->configBlock, mine.configBlock);
        QCOMPARE(loaded->expiry.pending(), mine.expiry.pending());
        // Every id that either side knows is known to the other.
        for (const Passed& block : ledger().blocks)
            for (const auto& txId : block.txIds)
                QVERIFY2(txId.empty() || loaded->state.transactions().contains(txId), txId.c_str());
        auto ids = (*snapshot)->txIds();
        VERIFY_OK(ids);
        for (;;) {
            const auto id = (*ids)->next();
            VERIFY_OK(id);
            if (!*id) break;
            QVERIFY2(mine.state.transactions().contains(**id), std::string(**id).c_str());
        }
    }

    void rangeAnswers() {
        for (const auto& row : facts()["chain"]["range_answers"]) {
            QCOMPARE(row["status"].get<int>(), 200);
            // A contract's shim hides composite keys by beginning behind them (fact sheet B §5.3).
            const auto asked = row["start"].get<std::string>();
            const std::string start = asked.empty() ? "\x01" : asked;
            auto cursor = ledger().state.state.range(row["namespace"].get<std::string>(), start,
                                                     row["end"].get<std::string>());
            VERIFY_OK(cursor);
            json keys = json::array();
            for (;;) {
                const auto item = (*cursor)->next();
                VERIFY_OK(item);
                if (!*item) break;
                keys.push_back(std::string((*item)->key));
            }
            QCOMPARE(keys.dump(), row["keys_in_order"].dump());
        }
    }

    void historyAnswers() {
        for (const auto& row : facts()["chain"]["history_answers"]) {
            const auto key = row["key"].get<std::string>();
            const auto changes = ledger().history.of("assets", key);
            const auto& entries = row["entries"];
            QVERIFY2(changes.size() == entries.size(), key.c_str());
            for (std::size_t i = 0; i < changes.size(); ++i) {
                QCOMPARE(changes[i].txId.str(), entries[i]["txid"].get<std::string>());
                QCOMPARE(changes[i].isDelete, entries[i]["is_delete"].get<bool>());
                QVERIFY(changes[i].timestamp);
                QCOMPARE(changes[i].timestamp->seconds,
                         entries[i]["timestamp_seconds"].get<std::int64_t>());
                QCOMPARE(changes[i].timestamp->nanos,
                         entries[i]["timestamp_nanos"].get<std::int32_t>());
                const json& value = entries[i]["value"];
                QCOMPARE(toBase64(changes[i].value),
                         value.is_null() ? "" : value.get<std::string>());
            }
        }
    }

    void privateDataAnswers() {
        const auto& state = ledger().state.state;
        for (const auto& row : facts()["chain"]["private_data_answers"]) {
            if (row["status"].get<int>() != 200) continue;
            const std::string ns =
                verify::hashedNamespace("vault", row["collection"].get<std::string>());
            std::size_t count = 0;
            for (const auto& entry : row["entries"]) {
                const auto found = state.get(ns, crypto::sha256(entry["K"].get<std::string>()));
                VERIFY_OK(found);
                QVERIFY(found->has_value());
                QCOMPARE(toHex((*found)->value),
                         toHex(crypto::sha256(entry["V"].get<std::string>())));
                ++count;
            }
            // A member of the collection sees all of it.
            const auto* keys = state.keys(ns);
            QCOMPARE(keys == nullptr ? 0 : keys->size(), count);
        }
    }
};

CHANCERY_TEST(ChainFactsTest)
#include "ChainFactsTest.moc"
