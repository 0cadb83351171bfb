// How fast the blocks of the vector ledger are decoded on one processor: the frame alone, every
// layer of every transaction, and the generated messages with our limits around them.
#include <filesystem>
#include <vector>

#include "fabric/common/common.pb.h"
#include "src/base/File.h"
#include "src/protocol/Block.h"
#include "src/wire/Parse.h"
#include "tests/bench/Bench.h"
#include "tests/support/Vectors.h"

namespace chancery::bench {
namespace {

struct Ledger {
    std::vector<protocol::SharedBytes> blocks;
    double megabytes = 0;
};

Result<Ledger> readLedger() {
    Ledger ledger;
    for (const auto& entry :
         std::filesystem::directory_iterator(test::vectorPath("ledger/blocks"))) {
        ASSIGN_OR_RETURN(Bytes bytes, readFile(entry.path()));
        ledger.megabytes += 1e-6 * static_cast<double>(bytes.size());
        ledger.blocks.emplace_back(std::move(bytes));
    }
    return ledger;
}

Status parse(Report& report) {
    ASSIGN_OR_RETURN(const Ledger ledger, readLedger());
    Status fault;
    std::size_t seen = 0;  // so that nothing is optimised away
    const double frames = perCpuSecond([&] {
        for (const auto& bytes : ledger.blocks) {
            const auto block = protocol::Block::parse(bytes);
            if (!block.ok()) fault = block.status();
            if (block.ok()) seen += block->transactionCount();
        }
    });
    const double layers = perCpuSecond([&] {
        for (const auto& bytes : ledger.blocks) {
            const auto block = protocol::Block::parse(bytes);
            if (!block.ok()) continue;
            for (std::size_t i = 0; i < block->transactionCount(); ++i)
                seen += block->transaction(i).actions.size();
        }
    });
    const double messages = perCpuSecond([&] {
        for (const auto& bytes : ledger.blocks) {
            const auto block = wire::parse<::common::Block>(bytes.view(), "block");
            if (!block.ok()) fault = block.status();
            if (block.ok()) seen += static_cast<std::size_t>(block->data().data_size());
        }
    });
    RETURN_IF_ERROR(fault);
    if (seen == 0) return makeError(StatusCode::kInternal, "NO_BLOCKS", "nothing was parsed");
    report.figure("parse_layers_mb_per_s_and_core", layers * ledger.megabytes,
                  {.atLeast = 200, .atMost = {}});
    report.figure("parse_frames_mb_per_s_and_core", frames * ledger.megabytes,
                  {.atLeast = 200, .atMost = {}});
    report.figure("parse_messages_mb_per_s_and_core", messages * ledger.megabytes,
                  {.atLeast = 200, .atMost = {}});
    return absl::OkStatus();
}

const Registration kParse("parse", parse);

}  // namespace
}  // namespace chancery::bench
