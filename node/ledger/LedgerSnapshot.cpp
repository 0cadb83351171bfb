// Snapshots of a ledger: written in Fabric's form, and the beginning of a ledger (fact sheet B
// §11.1).
#include <limits>

#include "node/ledger/Disk.h"
#include "node/ledger/LedgerView.h"
#include "node/ledger/SnapshotWriter.h"
#include "node/ledger/SqlChannelLedger.h"
#include "src/protocol/LedgerFile.h"

namespace chancery::node {
namespace {

namespace fs = std::filesystem;
using protocol::SnapshotInfo;
using store::Blob;
using store::Row;

constexpr std::string_view kHashed = "$$h";
constexpr std::string_view kPrivate = "$$p";

void appendField(Bytes& out, int number, BytesView value) {
    if (value.empty()) return;
    out.push_back(static_cast<char>(number << 3 | 2));
    for (std::size_t size = value.size();; size >>= 7) {
        out.push_back(static_cast<char>(size >= 0x80 ? size | 0x80 : size));
        if (size < 0x80) break;
    }
    out.append(value);
}

/// Data and metadata file of one part. Parts without a record leave no files.
class Part {
public:
    Part(fs::path folder, std::string name, SnapshotInfo& info)
        : m_folder(std::move(folder)), m_name(std::move(name)), m_info(info) {}

    Result<SnapshotFileWriter*> data() {
        if (!m_data) {
            ASSIGN_OR_RETURN(auto file, SnapshotFileWriter::create(m_folder / (m_name + ".data")));
            m_data.emplace(std::move(file));
        }
        return &*m_data;
    }
    /// `metadata` writes the other file.
    Status finish(const std::function<void(SnapshotFileWriter&)>& metadata) {
        if (!m_data) return absl::OkStatus();
        ASSIGN_OR_RETURN(m_info.fileHashes[m_name + ".data"], m_data->finish());
        ASSIGN_OR_RETURN(auto file, SnapshotFileWriter::create(m_folder / (m_name + ".metadata")));
        metadata(file);
        ASSIGN_OR_RETURN(m_info.fileHashes[m_name + ".metadata"], file.finish());
        return absl::OkStatus();
    }

private:
    fs::path m_folder;
    std::string m_name;
    SnapshotInfo& m_info;
    std::optional<SnapshotFileWriter> m_data;
};

Status exportState(const StateView& view, const std::vector<std::string>& namespaces, Part part) {
    std::vector<std::pair<std::string, std::uint64_t>> counts;
    for (const std::string& ns : namespaces) {
        std::uint64_t count = 0;
        ASSIGN_OR_RETURN(const auto rows, view.scan(ns, "", ""));
        for (;; ++count) {
            ASSIGN_OR_RETURN(const auto row, rows->next());
            if (!row) break;
            Bytes record;
            appendField(record, 1, row->key);
            appendField(record, 2, row->value.value);
            appendField(record, 3, row->value.metadata);
            appendField(record, 4, protocol::encodeVersion(row->value.version));
            ASSIGN_OR_RETURN(SnapshotFileWriter * data, part.data());
            data->bytes(record);
        }
        if (count != 0) counts.emplace_back(ns, count);
    }
    return part.finish([&](SnapshotFileWriter& metadata) {
        metadata.number(counts.size());
        for (const auto& [ns, count] : counts) {
            metadata.bytes(ns);
            metadata.number(count);
        }
    });
}

Status exportIds(store::Connection& connection, Part part) {
    const TransactionTable table(connection);
    std::uint64_t count = 0;
    ASSIGN_OR_RETURN(SnapshotFileWriter * data, part.data());
    RETURN_IF_ERROR(table.each([&](std::string_view txId) {
        data->bytes(txId);
        ++count;
        return absl::OkStatus();
    }));
    return part.finish([&](SnapshotFileWriter& metadata) { metadata.number(count); });
}

Status exportCollections(store::Connection& connection, Part part) {
    std::uint64_t count = 0;
    // The key's number counts downwards, so the newest comes first.
    ASSIGN_OR_RETURN(auto statement,
                     connection.prepare("SELECT contract, block, package FROM collections "
                                        "ORDER BY contract || '~collection', block DESC"));
    RETURN_IF_ERROR(statement.each([&](Row& row) -> Status {
        Bytes key("slscc");
        key.push_back('\0');
        key.append(row.blob(0)).append("~collection");
        const std::uint64_t number =
            std::numeric_limits<std::uint64_t>::max() - row.unsignedInteger(1);
        for (int shift = 56; shift >= 0; shift -= 8)
            key.push_back(static_cast<char>(number >> shift & 0xFF));
        ASSIGN_OR_RETURN(SnapshotFileWriter * data, part.data());
        data->bytes(key);
        data->bytes(row.blob(2));
        ++count;
        return absl::OkStatus();
    }));
    return part.finish([&](SnapshotFileWriter& metadata) { metadata.number(count); });
}

Status putMeta(store::Connection& connection, const std::string& name, const auto& value) {
    ASSIGN_OR_RETURN(auto statement,
                     connection.prepare("INSERT OR REPLACE INTO ledger(name, value) VALUES(?, ?)"));
    return statement.bind(name, value).run();
}

Status keepBootstrap(store::Connection& connection, const SnapshotInfo& info) {
    RETURN_IF_ERROR(putMeta(connection, "snapshot.lastBlock", info.lastBlock));
    RETURN_IF_ERROR(putMeta(connection, "snapshot.lastBlockHash", Blob(info.lastBlockHash)));
    RETURN_IF_ERROR(
        putMeta(connection, "snapshot.previousBlockHash", Blob(info.previousBlockHash)));
    RETURN_IF_ERROR(putMeta(connection, "snapshot.stateDbType", Blob(info.stateDbType)));
    RETURN_IF_ERROR(putMeta(connection, "snapshot.hash", Blob(info.snapshotHash)));
    RETURN_IF_ERROR(putMeta(connection, "snapshot.lastCommitHash", Blob(info.lastCommitHash)));
    for (const auto& [name, hash] : info.fileHashes)
        RETURN_IF_ERROR(putMeta(connection, "snapshot.file." + name, Blob(hash)));
    return absl::OkStatus();
}

Status importKeys(LedgerWriter& writer, protocol::SnapshotReader<protocol::SnapshotKey>& keys) {
    for (;;) {
        ASSIGN_OR_RETURN(const auto key, keys.next());
        if (!key) return absl::OkStatus();
        const std::string name = key->collection.empty()
                                     ? std::string(key->namespaceName)
                                     : verify::hashedNamespace(key->namespaceName, key->collection);
        ASSIGN_OR_RETURN(const std::int64_t ns, writer.namespaces().add(writer.connection(), name));
        RETURN_IF_ERROR(writer.stateWriter().put(
            ns, key->key, {Bytes(key->value), Bytes(key->metadata), key->version}));
    }
}

/// Hashed keys go on to live as long as their collections say.
Status importExpiry(LedgerWriter& writer, protocol::SnapshotReader<protocol::SnapshotKey>& hashes) {
    for (;;) {
        ASSIGN_OR_RETURN(const auto key, hashes.next());
        if (!key) return absl::OkStatus();
        ASSIGN_OR_RETURN(const BlockNumber due,
                         writer.endOf(key->namespaceName, key->collection, key->version.block));
        if (due == 0) continue;
        ASSIGN_OR_RETURN(
            const std::int64_t ns,
            writer.namespaces().add(writer.connection(),
                                    verify::hashedNamespace(key->namespaceName, key->collection)));
        RETURN_IF_ERROR(writer.privateTables().schedule(due, ns, key->key, key->version.block));
    }
}

}  // namespace

Status SqlChannelLedger::loadBootstrap() {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection->prepare("SELECT name, value FROM ledger WHERE name >= "
                                           "'snapshot.' AND name < 'snapshot/'"));
    SnapshotInfo info{.channel = m_channel};
    bool isThere = false;
    RETURN_IF_ERROR(statement.each([&](Row& row) {
        std::string_view name = row.text(0);
        name.remove_prefix(std::string_view("snapshot.").size());
        if (name == "lastBlock") {
            info.lastBlock = row.unsignedInteger(1);
            isThere = true;
            return;
        }
        const Bytes value(row.blob(1));
        if (name == "lastBlockHash") info.lastBlockHash = value;
        if (name == "previousBlockHash") info.previousBlockHash = value;
        if (name == "stateDbType") info.stateDbType = value;
        if (name == "hash") info.snapshotHash = value;
        if (name == "lastCommitHash") info.lastCommitHash = value;
        if (name.starts_with("file."))
            info.fileHashes.emplace(name.substr(std::string_view("file.").size()), value);
    }));
    if (isThere) m_bootstrap = std::move(info);
    return absl::OkStatus();
}

Status SqlChannelLedger::importSnapshot(const protocol::Snapshot& snapshot) {
    RETURN_IF_ERROR(openDatabase());
    const SnapshotInfo& info = snapshot.info();
    std::error_code error;
    const bool isFirst = m_writer->height() == 0 && !m_bootstrap;
    for (fs::directory_iterator at(m_folder, error), end; isFirst && !error && at != end;
         at.increment(error))
        if (protocol::ledgerFileFirstBlock(at->path().filename().string()))
            return makeError(StatusCode::kAlreadyExists, "LEDGER_EXISTS",
                             fmt::format("{} holds blocks already", m_folder.string()),
                             {{"file", m_folder.string()}});
    if (!isFirst)
        return makeError(StatusCode::kAlreadyExists, "LEDGER_EXISTS",
                         fmt::format("{} holds a ledger already", m_folder.string()),
                         {{"file", m_folder.string()}});
    RETURN_IF_ERROR(m_writer->change(true, [&]() -> Status {
        ASSIGN_OR_RETURN(const auto publicKeys, snapshot.publicState());
        RETURN_IF_ERROR(importKeys(*m_writer, *publicKeys));
        ASSIGN_OR_RETURN(const auto hashes, snapshot.privateHashes());
        RETURN_IF_ERROR(importKeys(*m_writer, *hashes));
        ASSIGN_OR_RETURN(const auto hashesAgain, snapshot.privateHashes());
        RETURN_IF_ERROR(importExpiry(*m_writer, *hashesAgain));
        ASSIGN_OR_RETURN(const auto ids, snapshot.txIds());
        for (;;) {
            ASSIGN_OR_RETURN(const auto id, ids->next());
            if (!id) break;
            RETURN_IF_ERROR(m_writer->transactions().add(*id, {}));
        }
        ASSIGN_OR_RETURN(const auto configs, snapshot.configHistory());
        for (;;) {
            ASSIGN_OR_RETURN(const auto config, configs->next());
            if (!config) break;
            RETURN_IF_ERROR(
                m_writer->recordCollections(config->chaincode, config->block, config->collections));
        }
        RETURN_IF_ERROR(keepBootstrap(*m_connection, info));
        return m_writer->setHeight(info.lastBlock + 1, info.lastBlockHash);
    }));
    RETURN_IF_ERROR(m_writer->load());
    RETURN_IF_ERROR(loadBootstrap());
    RETURN_IF_ERROR(openBlocks());
    return checkTogether();
}

Result<SnapshotInfo> SqlChannelLedger::exportSnapshot(const fs::path& folder) {
    ASSIGN_OR_RETURN(const auto view, this->view());
    // What the view does not show is read in the same transaction.
    auto& ledgerView = static_cast<LedgerView&>(*view);
    SnapshotInfo info{.channel = m_channel, .stateDbType = "SimpleKeyValueDB"};
    if (view->height() == 0)
        return makeError(StatusCode::kFailedPrecondition, "EMPTY_LEDGER",
                         "a ledger without blocks has no snapshot");
    info.lastBlock = view->height() - 1;
    if (info.lastBlock >= m_blocks->firstBlock()) {
        ASSIGN_OR_RETURN(const protocol::Block last, m_blocks->read(info.lastBlock));
        info.lastBlockHash = last.header().hash();
        info.previousBlockHash = Bytes(last.header().previousHash);
        ASSIGN_OR_RETURN(const BytesView commitHash, last.commitHash());
        info.lastCommitHash = Bytes(commitHash);
    } else {
        info.lastBlockHash = m_bootstrap->lastBlockHash;
        info.previousBlockHash = m_bootstrap->previousBlockHash;
        info.lastCommitHash = m_bootstrap->lastCommitHash;
    }
    std::error_code error;
    if (!fs::create_directory(folder, error))
        return error ? diskError(error.value(), "make", folder)
                     : makeError(StatusCode::kAlreadyExists, "FOLDER_EXISTS",
                                 fmt::format("{} exists", folder.string()),
                                 {{"file", folder.string()}});
    std::vector<std::string> open, hashed;
    for (const auto& [name, id] : m_namespaces.all()) {
        if (name.find(kPrivate) != std::string::npos) continue;
        (name.find(kHashed) != std::string::npos ? hashed : open).push_back(name);
    }
    RETURN_IF_ERROR(exportState(*view, open, Part(folder, "public_state", info)));
    RETURN_IF_ERROR(exportState(*view, hashed, Part(folder, "private_state_hashes", info)));
    RETURN_IF_ERROR(exportIds(ledgerView.connection(), Part(folder, "txids", info)));
    RETURN_IF_ERROR(
        exportCollections(ledgerView.connection(), Part(folder, "confighistory", info)));
    RETURN_IF_ERROR(writeSnapshotInfo(folder, info));
    return info;
}

Result<std::unique_ptr<ChannelLedger>> ChannelLedger::createFromSnapshot(
    const fs::path& folder, const protocol::Snapshot& snapshot, const Options& options) {
    auto ledger = std::make_unique<SqlChannelLedger>(folder, snapshot.info().channel, options);
    RETURN_IF_ERROR(ledger->importSnapshot(snapshot));
    RETURN_IF_ERROR(ledger->catchUp({}));
    return ledger;
}

}  // namespace chancery::node
