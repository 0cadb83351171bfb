#include "src/usecase/ExportLedger.h"

#include <optional>

#include "src/usecase/BlockDescriber.h"
#include "src/usecase/Csv.h"
#include "src/usecase/LedgerJson.h"
#include "src/usecase/LedgerReplay.h"
#include "src/usecase/NewFile.h"
#include "src/usecase/Rfc3339.h"
#include "src/usecase/TransactionDescriber.h"

namespace chancery::usecase {
namespace {

std::string timeOf(const std::optional<absl::Time>& time) {
    return time ? rfc3339(*time) : std::string();
}

/// What all formats have in common: a block comes with its replay, and something is written.
class Writer {
public:
    virtual ~Writer() = default;
    virtual Status block(const protocol::SourcedBlock& sourced, LedgerReplay& replay,
                         ExportResult& result) = 0;
    virtual Status finish(ExportResult& result) = 0;
    /// Takes back what was finished already; an unfinished file goes by itself.
    virtual void discard() {}
};

class JsonWriter final : public Writer {
public:
    explicit JsonWriter(NewFile file) : m_file(std::move(file)) {}

    Status block(const protocol::SourcedBlock& sourced, LedgerReplay& replay,
                 ExportResult& result) override {
        Json json = toJson(describeBlock(sourced, m_names));
        Json transactions = Json::array();
        for (std::size_t i = 0; i < sourced.block.transactionCount(); ++i)
            transactions.push_back(
                toJson(describeTransaction(sourced, i, replay, m_names, Judging::No)));
        json["txs"] = std::move(transactions);
        std::string text = toText(json);
        text.pop_back();  // the line break is the array's affair
        return m_file.write((result.blocks == 1 ? "[\n" : ",\n") + text);
    }

    Status finish(ExportResult& result) override {
        RETURN_IF_ERROR(m_file.write(result.blocks == 0 ? "[]\n" : "\n]\n"));
        result.bytes = m_file.size();
        result.files = 1;
        return m_file.finish();
    }

private:
    NewFile m_file;
    IdentityNames m_names;
};

class CsvWriter final : public Writer {
public:
    explicit CsvWriter(NewFile file) : m_file(std::move(file)) {}

    Status block(const protocol::SourcedBlock& sourced, LedgerReplay&,
                 ExportResult& result) override {
        if (result.blocks == 1)
            RETURN_IF_ERROR(
                m_file.write(csvLine({"block", "index", "time", "txid", "type", "msp_id", "sent_by",
                                      "contract", "function", "arguments", "validation_code",
                                      "validation_name", "reads", "writes", "event"})));
        for (std::size_t i = 0; i < sourced.block.transactionCount(); ++i)
            RETURN_IF_ERROR(m_file.write(line(sourced.block, i)));
        return absl::OkStatus();
    }

    Status finish(ExportResult& result) override {
        result.bytes = m_file.size();
        result.files = 1;
        return m_file.finish();
    }

private:
    std::string line(const protocol::Block& block, std::size_t index) {
        const protocol::Transaction transaction = block.transaction(index);
        const TransactionSummary summary = summarise(block, index, transaction, m_names);
        std::size_t arguments = 0;
        std::size_t reads = 0;
        std::size_t writes = 0;
        std::string event;
        if (!transaction.actions.empty()) {
            const protocol::TransactionAction& action = transaction.actions.front();
            if (action.invocation && !action.invocation->args.empty())
                arguments = action.invocation->args.size() - 1;
            if (action.event) event = std::string(action.event->name);
            if (action.readWriteSet) {
                for (const auto& ns : action.readWriteSet->namespaces) {
                    reads += ns.reads.size();
                    writes += ns.writes.size();
                    for (const auto& collection : ns.collections) {
                        reads += collection.reads.size();
                        writes += collection.writes.size();
                    }
                }
            }
        }
        return csvLine(
            {std::to_string(summary.block), std::to_string(summary.index), timeOf(summary.time),
             summary.txId, summary.type, summary.creator ? summary.creator->mspId.str() : "",
             summary.creator ? summary.creator->commonName : "", summary.contract, summary.function,
             std::to_string(arguments), summary.code ? std::to_string(summary.code->number) : "",
             summary.code ? summary.code->name : "", std::to_string(reads), std::to_string(writes),
             event});
    }

    NewFile m_file;
    IdentityNames m_names;
};

class BlocksWriter final : public Writer {
public:
    BlocksWriter(std::filesystem::path folder, bool made)
        : m_folder(std::move(folder)), m_made(made) {}

    Status block(const protocol::SourcedBlock& sourced, LedgerReplay&,
                 ExportResult& result) override {
        const Bytes bytes = sourced.block.serialize();
        ++result.files;
        result.bytes += bytes.size();
        ASSIGN_OR_RETURN(NewFile file, NewFile::create(pathOf(sourced.block.number())));
        RETURN_IF_ERROR(file.write(bytes));
        // One sync for each of many small files would take most of the time.
        RETURN_IF_ERROR(file.finish(false));
        m_written.push_back(sourced.block.number());
        return absl::OkStatus();
    }

    Status finish(ExportResult&) override { return absl::OkStatus(); }

    void discard() override {
        std::error_code ignored;
        for (const BlockNumber number : m_written) std::filesystem::remove(pathOf(number), ignored);
        // Only when it is empty: somebody may have put a file of his own there.
        if (m_made) std::filesystem::remove(m_folder, ignored);
    }

private:
    std::filesystem::path pathOf(BlockNumber number) const {
        return m_folder / fmt::format("block_{}.pb", number);
    }

    std::filesystem::path m_folder;
    bool m_made;
    std::vector<BlockNumber> m_written;
};

Result<std::unique_ptr<Writer>> writerFor(const ExportLedgerRequest& request) {
    if (request.format == ExportFormat::Blocks) {
        std::error_code error;
        const bool made = std::filesystem::create_directory(request.out, error);
        if (made)
            std::filesystem::permissions(request.out, std::filesystem::perms::owner_all, error);
        if (!error &&
            std::filesystem::is_directory(std::filesystem::symlink_status(request.out, error)))
            return std::make_unique<BlocksWriter>(request.out, made);
        const std::string why = error ? error.message() : std::string("it is no folder");
        return makeError(StatusCode::kFailedPrecondition, "FILE_ERROR",
                         fmt::format("cannot use the folder {}: {}", request.out.string(), why),
                         {{"path", request.out.string()}});
    }
    ASSIGN_OR_RETURN(NewFile file, NewFile::create(request.out));
    if (request.format == ExportFormat::Csv) return std::make_unique<CsvWriter>(std::move(file));
    return std::make_unique<JsonWriter>(std::move(file));
}

}  // namespace

Result<ExportResult> ExportLedger::run(const ExportLedgerRequest& request) const {
    ASSIGN_OR_RETURN(const auto replay, LedgerReplay::open(request.location));
    // The first block is read before anything is created: a wrong path leaves no empty file behind.
    ASSIGN_OR_RETURN(auto block, replay->next());
    auto writer = writerFor(request);
    if (!writer.ok()) return writing(writer.status());
    ExportResult result;
    while (block && block->block.number() <= request.last) {
        if (request.stop.stop_requested()) {
            (*writer)->discard();
            return makeError(StatusCode::kCancelled, "STOPPED", "stopped");
        }
        if (block->block.number() >= request.first) {
            ++result.blocks;
            result.transactions += block->block.transactionCount();
            if (const Status status = (*writer)->block(*block, *replay, result); !status.ok())
                return writing(status);
        }
        // Only JSON tells values before a change, which needs the state.
        if (request.format == ExportFormat::Json) RETURN_IF_ERROR(replay->commit().status());
        if (request.progress) request.progress(replay->progress());
        ASSIGN_OR_RETURN(block, replay->next());
    }
    if (result.blocks == 0)
        return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK",
                         fmt::format("there is no block from {} on", request.first),
                         {{"block", std::to_string(request.first)}, {"last", ""}});
    if (const Status status = (*writer)->finish(result); !status.ok()) return writing(status);
    return result;
}

}  // namespace chancery::usecase
