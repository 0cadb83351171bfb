// What a peer's ledger costs: commits of blocks of 500 transactions that each put 256 bytes under a
// new key, as the committing thread's processor time; and reads of random keys.
#include <filesystem>
#include <vector>

#include "node/ledger/ChannelLedger.h"
#include "src/base/Encoding.h"
#include "src/base/Random.h"
#include "src/crypto/Digest.h"
#include "src/protocol/BlockBuilder.h"
#include "src/protocol/ReadWriteSetBuilder.h"
#include "tests/bench/Bench.h"
#include "tests/bench/BenchData.h"

namespace chancery::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLedgerTransactions = 500;
constexpr std::size_t kEnvelopeBytes = 3500;  // of a transaction with one endorsement

/// A block with all that validation would have found out.
struct Prepared {
    protocol::Block block;
    std::vector<Bytes> setBytes;
    std::vector<protocol::ReadWriteSet> sets;
    verify::PendingUpdates updates;
    std::vector<TxId> ids;
};

std::string keyOf(BlockNumber block, std::size_t index) {
    return toHex(crypto::sha256(fmt::format("{} {}", block, index))).substr(0, 24);
}

Result<std::unique_ptr<Prepared>> prepare(BlockNumber number, BytesView previous,
                                          const verify::StateReader& state) {
    auto out =
        std::make_unique<Prepared>(Prepared{.block = protocol::buildBlock(number, previous, {})});
    std::vector<Bytes> envelopes;
    out->setBytes.reserve(kLedgerTransactions);
    for (std::size_t i = 0; i < kLedgerTransactions; ++i) {
        protocol::ReadWriteSetBuilder builder;
        RETURN_IF_ERROR(builder.write("cc", keyOf(number, i), Random::system().bytes(256)));
        out->setBytes.push_back(builder.build().publicSet);
        ASSIGN_OR_RETURN(auto set, protocol::decodeReadWriteSet(BytesView(out->setBytes.back())));
        RETURN_IF_ERROR(out->updates.apply(set, {number, i}, state).status());
        out->sets.push_back(std::move(set));
        envelopes.push_back(Random::system().bytes(kEnvelopeBytes));
        out->ids.emplace_back(toHex(crypto::sha256(envelopes.back())));
    }
    const std::vector<protocol::ValidationCode> codes(kLedgerTransactions,
                                                      protocol::ValidationCode::Valid);
    out->block = protocol::withCommitHash(
        protocol::withValidationCodes(protocol::buildBlock(number, previous, std::move(envelopes)),
                                      codes),
        "hash");
    return out;
}

/// The folder of a run, removed at its end.
struct BenchFolder {
    fs::path path =
        fs::temp_directory_path() / ("chancery-bench-" + toHex(Random::system().bytes(8)));
    ~BenchFolder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

Status ledger(Report& report) {
    const BenchFolder folder;
    const BlockNumber blocks = isQuick() ? 20 : 400;
    ASSIGN_OR_RETURN(auto ledger,
                     node::ChannelLedger::open(folder.path / "ledger", ChannelId("bench"), {}, {}));
    ASSIGN_OR_RETURN(auto store, node::BlockStore::open(folder.path / "blocks"));
    double commit = 0, append = 0, wall = 0;
    for (BlockNumber number = 0; number < blocks; ++number) {
        ASSIGN_OR_RETURN(const auto prepared,
                         prepare(number, store->lastHash(), ledger->writerView()));
        node::Commit work{
            .block = prepared->block, .updates = &prepared->updates, .txIds = prepared->ids};
        for (const auto& set : prepared->sets) work.readWriteSets.push_back(&set);
        double begun = threadCpuSeconds();
        RETURN_IF_ERROR(store->append(prepared->block));
        append += threadCpuSeconds() - begun;
        begun = threadCpuSeconds();
        const double begunWall = wallSeconds();
        RETURN_IF_ERROR(ledger->commit(work));
        commit += threadCpuSeconds() - begun;
        wall += wallSeconds() - begunWall;
    }
    const auto perTransaction = [&](double seconds) {
        return 1e6 * seconds / static_cast<double>(blocks * kLedgerTransactions);
    };
    report.figure("ledger_commit_cpu_per_tx_us", perTransaction(commit),
                  {.atLeast = {}, .atMost = 60});
    report.figure("ledger_commit_wall_per_tx_us", perTransaction(wall));
    report.figure("ledger_append_cpu_per_tx_us", perTransaction(append));

    ASSIGN_OR_RETURN(const auto view, ledger->view());
    std::uint64_t at = 1;
    std::size_t found = 0;
    Status fault;
    const double reads = perCpuSecond([&] {
        for (int i = 0; i < 1000; ++i) {
            at = at * 6364136223846793005ULL + 1442695040888963407ULL;
            const auto value =
                view->get("cc", keyOf((at >> 33) % blocks, (at >> 20) % kLedgerTransactions));
            if (!value.ok()) fault = value.status();
            if (value.ok() && *value) ++found;
        }
    });
    RETURN_IF_ERROR(fault);
    if (found == 0) return makeError(StatusCode::kInternal, "NO_KEYS", "nothing was found");
    // Making the names of the keys counts, too.
    report.figure("ledger_get_us", 1e3 / reads, {.atLeast = {}, .atMost = 5});
    const double views = perCpuSecond([&] {
        for (int i = 0; i < 100; ++i)
            if (const auto one = ledger->view(); !one.ok()) fault = one.status();
    });
    report.figure("ledger_view_us", 1e4 / views);
    return fault;
}

const Registration kLedger("ledger", ledger);

}  // namespace
}  // namespace chancery::bench
